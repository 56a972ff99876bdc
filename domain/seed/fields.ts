import type { FormDefinitionInput } from '../form/definition.ts'

type FieldInput = FormDefinitionInput['fields'][number]
type InputOf<K extends FieldInput['kind']> = Extract<FieldInput, { kind: K }>

/** Fields that several of the forms share. */
export const importo: FieldInput = {
  kind: 'amount_typed',
  id: 'importo',
  label: 'Importo',
  help: 'In euro, per esempio 10,50',
}

export const wholeYear: FieldInput = {
  kind: 'number',
  id: 'anno',
  label: 'Anno',
  help: 'Quattro cifre, per esempio 2026',
  min: 2000,
  max: 2099,
}

/** A number given by an office: letters, digits, slash, dash. */
export function numero(id: string, label: string, help: string): InputOf<'text'> {
  return { kind: 'text', id, label, help, maxLength: 20, format: 'code' }
}

export function chooseOne(id: string, label: string, labels: readonly string[]): InputOf<'choice'> {
  return { kind: 'choice', id, label, options: labels.map((text) => ({ value: slug(text), label: text })) }
}

export const MONTHS = [
  'Gennaio',
  'Febbraio',
  'Marzo',
  'Aprile',
  'Maggio',
  'Giugno',
  'Luglio',
  'Agosto',
  'Settembre',
  'Ottobre',
  'Novembre',
  'Dicembre',
]

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
