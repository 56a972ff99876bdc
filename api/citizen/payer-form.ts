import type { Request } from 'express'
import { isCodiceFiscale, isFiscalId, letterSlip, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { FORMAT_RULES } from '../../domain/form/text-formats.ts'
import { ANONYMOUS, emailAddress, type Person } from '../../domain/person.ts'
import type { Texts } from '../../templates/language.ts'
import { citizenOf, type Citizen } from '../middleware/session.ts'
import { fieldView, type FieldInput, type FieldView, type Problems } from '../form/field-view.ts'
import { trimmedText, type Typed } from '../form/read-request.ts'

/** These ids have a hyphen, which the fields of a due type's own form cannot have, so the two never collide. */
export const NAME = 'intestatario-nome'
export const CODE = 'intestatario-codice'
export const EMAIL = 'e-mail'

const FIELDS = {
  [NAME]: { label: 'person.nameLabel', help: null, autocomplete: 'name', maxLength: 70 },
  [CODE]: { label: 'person.codeLabel', help: 'person.codeHelp', maxLength: 20 },
  [EMAIL]: {
    label: 'person.emailLabel',
    help: 'person.emailHelp',
    type: 'email',
    inputMode: 'email',
    autocomplete: 'email',
    maxLength: 256,
  },
} as const satisfies Record<string, Omit<FieldInput, 'id'> & { help: string | null }>

export type PayerField = keyof typeof FIELDS

/** The fields that the form shows. A person with a proved address in the account needs no field for one. */
export const askedOf = (ids: readonly PayerField[], citizen: Citizen | undefined): readonly PayerField[] =>
  citizen?.email ? ids.filter((id) => id !== EMAIL) : ids

/** The fields that can be filled in before the person types anything: from the account and from the proved address. */
export function knownFields(req: Request): Typed {
  const citizen = citizenOf(req)
  const { provedEmail } = req.session
  return {
    ...(provedEmail === undefined ? {} : { [EMAIL]: provedEmail }),
    ...(citizen && { [NAME]: citizen.anagrafica, [CODE]: citizen.codiceFiscale }),
  }
}

/** The fields `ids` with the typed values and their problems. */
export const payerFields = (
  t: Texts,
  ids: readonly PayerField[],
  typed: Typed,
  problems: Problems,
): FieldView[] =>
  ids.map((id) => {
    const { label, help, ...more } = FIELDS[id]
    return fieldView({ id, ...more, label: t(label), help: help === null ? null : t(help) }, typed, problems)
  })

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: Record<string, string> }

/** Reads a field; undefined when it is wrong. */
const READERS: Record<PayerField, (text: string) => string | undefined> = {
  [NAME]: (text) => {
    const name = FORMAT_RULES.any.normalize(text)
    return name.length <= 70 && FORMAT_RULES.any.accepts(name) ? name : undefined
  },
  [CODE]: (text) => {
    const code = normalizeFiscalId(text.slice(0, 40))
    return isFiscalId('F', code) ? code : undefined
  },
  [EMAIL]: (text) => (emailAddress.safeParse(text).success ? text : undefined),
}

/** The texts about a wrong field. */
const WORDS: Record<PayerField, string> = {
  [NAME]: 'person.name',
  [CODE]: 'person.code',
  [EMAIL]: 'person.email',
}

/**
 * Reads the fields `ids`.
 * @param options `mayBeNobody`: an empty fiscal code is read as ANONYMOUS
 * @returns the values, with '' for fields that are not in `ids`; or, by field, how to correct those that are wrong
 */
export function readPayerFields(
  t: Texts,
  ids: readonly PayerField[],
  typed: Typed,
  { mayBeNobody = false }: { mayBeNobody?: boolean } = {},
): Checked<Record<PayerField, string>> {
  const value: Record<PayerField, string> = { [NAME]: '', [CODE]: '', [EMAIL]: '' }
  const problems: Record<string, string> = {}
  for (const id of ids) {
    const read = readOf(id)
    if (read === undefined) problems[id] = id === CODE ? codeText(t, trimmedText(typed, id)) : t(WORDS[id])
    else value[id] = read
  }
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, value }

  function readOf(id: PayerField): string | undefined {
    const text = trimmedText(typed, id)
    return id === CODE && text === '' && mayBeNobody ? ANONYMOUS : READERS[id](text)
  }
}

/** How to correct a fiscal code: by its last letter when the rest of it is one. */
export function codeText(t: Texts, text: string): string {
  const slip = letterSlip(normalizeFiscalId(text.slice(0, 40)))
  return slip ? t('person.letter', { ...slip }) : t(WORDS[CODE])
}

/**
 * The kind of a payer with this code: F is a person, G a body. 11 digits mean a body, unless they are the code of the person who is signed
 * in, because provisional codes of persons have 11 digits too.
 */
export const personKindOf = (code: string, citizen: Citizen | undefined): Person['tipo'] =>
  isCodiceFiscale(code) || code === ANONYMOUS || code === citizen?.codiceFiscale ? 'F' : 'G'
