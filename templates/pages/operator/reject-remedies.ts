import {
  notFoundReject,
  STATE_REJECTS,
  STRUCTURE,
  UNREADABLE_LINE,
  unreadableText,
  VALUE_RULES,
  type Reject,
  type StateError,
  type ValueError,
} from '../../../domain/flow/reject.ts'
import { t } from '../../language.ts'

/** A field whose form is wrong, by what the file of rejects says of it: those texts are fixed, and say little to people. */
const FORM_FAULTS = {
  missing: / NON PRESENTE/,
  tooLong: / TROPPO GRANDE/,
  flag: /\|FLAG_\w+ NON CONFORME/,
  amount: / NON CONFROME: /,
  day: /wrong DATE/,
  tooManyColumns: /Too many columns/,
  unseen: /\|(?!FLAG_)\w+ NON CONFORME/,
} as const

export type FormFault = keyof typeof FORM_FAULTS

export const formRemedy = (fault: FormFault | 'unreadable' | 'notUtf8'): string =>
  t(`flows.remedy.form.${fault}`)

export const valueRemedy = (error: ValueError): string => t(`flows.remedy.value.${error}`)

export const stateRemedy = (error: StateError | 'notFound'): string => t(`flows.remedy.state.${error}`)

/** What to do about a row, in the order of its reasons. */
export function remediesOf({ code, text }: Reject): string[] {
  if (code === STRUCTURE) return structureRemedies(text)
  const states = (Object.keys(STATE_REJECTS) as StateError[]).filter(
    (name) => STATE_REJECTS[name].code === code && STATE_REJECTS[name].text === text,
  )
  if (states.length > 0) return states.map(stateRemedy)
  if (code === notFoundReject('', '').code) return [stateRemedy('notFound')]
  const values = (Object.keys(VALUE_RULES) as ValueError[]).filter(
    (name) => code.includes(VALUE_RULES[name].code) && text.includes(VALUE_RULES[name].text),
  )
  return values.map(valueRemedy)
}

function structureRemedies(text: string): string[] {
  if (text === UNREADABLE_LINE) return [formRemedy('unreadable')]
  if (text === unreadableText().text) return [formRemedy('notUtf8')]
  const faults = Object.keys(FORM_FAULTS) as FormFault[]
  return faults.filter((fault) => FORM_FAULTS[fault].test(text)).map(formRemedy)
}
