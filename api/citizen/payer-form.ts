import type { Request } from 'express'
import { isCodiceFiscale, isFiscalId, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { FORMAT_RULES } from '../../domain/form/text-formats.ts'
import { ANONYMOUS, emailAddress, type Person } from '../../domain/person.ts'
import type { Texts } from '../../templates/language.ts'
import { citizenOf, type Citizen } from '../middleware/session.ts'
import { fieldView, type FieldInput, type FieldView, type Problems, type Typed } from '../form/field-view.ts'

/** Ids with a hyphen: the fields of a type's own form cannot have one, so the two never meet. */
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

/** Who signed in with a proved address is not asked for another. */
export const askedOf = (ids: readonly PayerField[], citizen: Citizen | undefined): readonly PayerField[] =>
  citizen?.email ? ids.filter((id) => id !== EMAIL) : ids

/** What an empty form already knows of who reads it. */
export function knownFields(req: Request): Typed {
  const citizen = citizenOf(req)
  const { provedEmail } = req.session
  return {
    ...(provedEmail === undefined ? {} : { [EMAIL]: provedEmail }),
    ...(citizen && { [NAME]: citizen.anagrafica, [CODE]: citizen.codiceFiscale }),
  }
}

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

const textOf = (typed: Typed, id: string): string => {
  const value = Object.hasOwn(typed, id) ? typed[id] : ''
  return typeof value === 'string' ? value.trim() : ''
}

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: Record<string, string> }

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

const WORDS: Record<PayerField, string> = {
  [NAME]: 'person.name',
  [CODE]: 'person.code',
  [EMAIL]: 'person.email',
}

/** Reads the asked fields; every one that is wrong says how to put it right. */
export function readPayerFields(
  t: Texts,
  ids: readonly PayerField[],
  typed: Typed,
  { mayBeNobody = false }: { mayBeNobody?: boolean } = {},
): Checked<Record<PayerField, string>> {
  const read = ids.map((id) => [id, readOf(id)] as const)
  const wrong = read.filter(([, value]) => value === undefined)
  if (wrong.length > 0)
    return { ok: false, problems: Object.fromEntries(wrong.map(([id]) => [id, t(WORDS[id])])) }
  return { ok: true, value: Object.fromEntries(read) as Record<PayerField, string> }

  function readOf(id: PayerField): string | undefined {
    const text = textOf(typed, id)
    return id === CODE && text === '' && mayBeNobody ? ANONYMOUS : READERS[id](text)
  }
}

/** Numbers of 11 digits are bodies here, unless who signed in has one: a provisional code is a person's. */
export const personKindOf = (code: string, citizen: Citizen | undefined): Person['tipo'] =>
  isCodiceFiscale(code) || code === ANONYMOUS || code === citizen?.codiceFiscale ? 'F' : 'G'
