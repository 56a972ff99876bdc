import { formDraftSchema } from '../../domain/form/definition.ts'
import type { FormDefinition } from '../../domain/form/fields.ts'
import { readPlace, type Place } from '../../domain/form/edit/place.ts'
import { t } from '../../templates/language.ts'
import { textOf } from '../../domain/form/check.ts'
import type { Problems, Typed } from '../form/field-view.ts'
import { markOf } from '../form/seen-form.ts'
import { applyInputs } from './form-draft-inputs.ts'

/**
 * Names of the inputs of the editor. Each has a hyphen, so that none is the name of a field of the form, whose preview stands in the
 * same page.
 */
export const JSON_TEXT = 'm-json'
/** What the text of the JSON was when the page was drawn. Another text means that a person wrote in it. */
export const JSON_MARK = 'm-impronta'
/** The stored form when the editor was opened. */
export const SEEN = 'm-visto'
/** The field whose inputs are open. */
export const OPEN = 'm-aperto'

/** A form that is being written. The page carries it, so that nothing of it is stored before it is saved. */
export interface Draft {
  definition: FormDefinition
  open: Place | undefined
  problems: Problems
  /** True when a person wrote the JSON, so that the other inputs were not read. */
  isJson: boolean
  /** The option that was just added to the open field, where the person goes on. */
  added?: { group: number; at: number } | undefined
}

export const draftText = (definition: FormDefinition): string => JSON.stringify(definition, null, 1)

/** The draft that the page sent, with what was typed in its inputs; a sentence when its JSON cannot be read. */
export function readDraft(typed: Typed): Draft | { wrong: string } {
  const text = textOf(typed, JSON_TEXT)
  const parsed = parseForm(text)
  if ('wrong' in parsed) return parsed
  const open = readPlace(textOf(typed, OPEN))
  const mark = textOf(typed, JSON_MARK)
  const isJson = mark !== '' && mark !== markOf(text)
  const { definition, problems } = isJson
    ? { ...parsed, problems: {} }
    : applyInputs(parsed.definition, typed, open)
  return { definition, problems, open, isJson }
}

function parseForm(text: string): { definition: FormDefinition } | { wrong: string } {
  try {
    const parsed = formDraftSchema.safeParse(JSON.parse(text))
    if (parsed.success) return { definition: parsed.data }
    const [issue] = parsed.error.issues
    return { wrong: t('config.problem.form', { why: `${issue!.path.join('.')}: ${issue!.message}` }) }
  } catch (error) {
    return {
      wrong: t('config.problem.form', { why: error instanceof Error ? error.message : String(error) }),
    }
  }
}
