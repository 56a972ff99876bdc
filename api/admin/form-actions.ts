import { textOf } from '../../domain/form/check.ts'
import { moved, moveField, removeField } from '../../domain/form/edit/list.ts'
import { addField, codeOf, NEW_KINDS, newField } from '../../domain/form/edit/new-field.ts'
import { isTaken } from '../../domain/form/edit/fit.ts'
import { isChoice, optionsAt, withOptions } from '../../domain/form/edit/options.ts'
import { fieldAt, readPlace, replaceField, type Place } from '../../domain/form/edit/place.ts'
import type { ChoiceOption, FormDefinition } from '../../domain/form/fields.ts'
import { isPlainText } from '../../domain/text.ts'
import { isOneOf, keysOf } from '../../domain/table.ts'
import { t } from '../../templates/language.ts'
import type { Typed } from '../form/field-view.ts'
import type { Draft } from './form-draft.ts'

/** The buttons of the editor begin with this, so that none is a button of the preview. */
const OURS = 'm'
export const SAVE = 'm:salva'
export const RESTART = 'm:ricomincia'
export const NEW_KIND = 'm-nuovo-tipo'
export const NEW_LABEL = 'm-nuovo-nome'
export const newOptionName = (group: number): string => `m-nuova-voce.${group}`

/** The value of a button: what it does and to which place. */
export const buttonOf = (verb: keyof typeof ACTS, ...where: (string | number)[]): string =>
  [OURS, verb, ...where].join(':')

type Act = (draft: Draft, where: readonly string[], typed: Typed) => Draft

/** Does what the pressed button of the editor says. Another button, or none, changes nothing. */
export function actOn(draft: Draft, typed: Typed): Draft {
  const [ours, verb = '', ...where] = textOf(typed, 'azione').split(':')
  return ours === OURS && isOneOf(keysOf(ACTS), verb) ? ACTS[verb](draft, where, typed) : draft
}

const atField =
  (edit: (draft: Draft, place: Place) => Draft): Act =>
  (draft, [text = '']) => {
    const place = readPlace(text)
    return place && fieldAt(draft.definition, place) ? edit(draft, place) : draft
  }

/** A change of the list closes the open field, because its place may be another one. */
const changed = (draft: Draft, definition: FormDefinition): Draft => ({
  ...draft,
  definition,
  open: undefined,
})

const ACTS = {
  su: atField((draft, place) => changed(draft, moveField(draft.definition, place, -1))),
  giu: atField((draft, place) => changed(draft, moveField(draft.definition, place, 1))),
  togli: atField((draft, place) => changed(draft, removeField(draft.definition, place))),
  apri: atField((draft, place) => ({ ...draft, open: place })),
  chiudi: close,
  aggiungi: add,
  vocesu: onOptions((options, at) => moved(options, at, -1)),
  vocegiu: onOptions((options, at) => moved(options, at, 1)),
  vocetogli: onOptions((options, at) =>
    options.length === 1 ? options : options.filter((_, one) => one !== at),
  ),
  vocenuova: addOption,
} satisfies Record<string, Act>

function close(draft: Draft): Draft {
  return { ...draft, open: undefined }
}

const MAX_LABEL = 60
const isLabel = (text: string): boolean => text !== '' && text.length <= MAX_LABEL && isPlainText(text)

function add(draft: Draft, _where: readonly string[], typed: Typed): Draft {
  const kind = textOf(typed, NEW_KIND)
  const label = textOf(typed, NEW_LABEL).trim()
  const problems = {
    ...(isOneOf(NEW_KINDS, kind) ? {} : { [NEW_KIND]: t('formedit.wrong.kind') }),
    ...(isLabel(label) ? {} : { [NEW_LABEL]: t('formedit.wrong.label') }),
  }
  if (!isOneOf(NEW_KINDS, kind) || Object.keys(problems).length > 0) return { ...draft, problems }
  const taken = draft.definition.fields.map(({ id }) => id)
  const field = newField(kind, { label, taken, option: t('formedit.firstOption') })
  const definition = addField(draft.definition, field)
  const at = definition.fields.findIndex(({ id }) => id === field.id)
  return { ...draft, definition, open: [at] }
}

function onOptions(edit: (options: readonly ChoiceOption[], at: number) => readonly ChoiceOption[]): Act {
  return (draft, [text = '', group = '', at = '']) => {
    const place = readPlace(text)
    return place ? withGroup(draft, place, Number(group), (options) => edit(options, Number(at))) : draft
  }
}

function addOption(draft: Draft, [text = '', group = '']: readonly string[], typed: Typed): Draft {
  const name = newOptionName(Number(group))
  const label = textOf(typed, name).trim()
  if (!isLabel(label)) return { ...draft, problems: { [name]: t('formedit.wrong.option') } }
  const place = readPlace(text)
  const options = place && optionsAt(draft.definition, place, Number(group))
  if (!options) return draft
  if (isTaken(options, label)) return { ...draft, problems: { [name]: t('formedit.wrong.taken', { label }) } }
  const taken = options.map(({ value }) => value)
  const changed = withGroup(draft, place, Number(group), (list) => [
    ...list,
    { value: codeOf(label, taken), label },
  ])
  return { ...changed, added: { group: Number(group), at: options.length } }
}

function withGroup(
  draft: Draft,
  place: Place,
  group: number,
  edit: (options: readonly ChoiceOption[]) => readonly ChoiceOption[],
): Draft {
  const { definition } = draft
  const field = fieldAt(definition, place)
  const options = optionsAt(definition, place, group)
  if (!isChoice(field) || !options) return draft
  return {
    ...draft,
    definition: replaceField(definition, place, withOptions(field, group, edit(options))),
  }
}
