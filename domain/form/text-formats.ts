import { isFiscalId, normalizeFiscalId } from '../codice-fiscale.ts'

export const TEXT_FORMATS = ['any', 'code', 'targa', 'fiscal_id'] as const
export type TextFormat = (typeof TEXT_FORMATS)[number]

interface FormatRule {
  /** What is kept of a typed value; applied before the check. */
  normalize: (text: string) => string
  accepts: (text: string) => boolean
  /** Ends the sentence "<label>: …", with an example. */
  hint: string
  personal: boolean
}

const oneBlank = (text: string) => text.trim().replace(/\s+/g, ' ')
const compactUpper = (text: string) => text.replace(/[\s-]/g, '').toUpperCase()

export const FORMAT_RULES: Record<TextFormat, FormatRule> = {
  any: {
    normalize: oneBlank,
    // Letters, digits, marks, punctuation, symbols, blanks: no control or invisible characters.
    accepts: (text) => /^[^\p{C}]+$/u.test(text),
    hint: 'scrivi solo lettere, numeri e segni di punteggiatura',
    personal: false,
  },
  code: {
    normalize: (text) => oneBlank(text).toUpperCase(),
    accepts: (text) => /^[A-Z0-9][A-Z0-9/. -]*$/.test(text),
    hint: 'usa lettere, numeri, barra, punto o trattino, per esempio 1234/2026',
    personal: false,
  },
  targa: {
    normalize: compactUpper,
    accepts: (text) => /^[A-Z0-9]{4,10}$/.test(text),
    hint: 'scrivi la targa senza spazi, per esempio AB123CD',
    personal: true,
  },
  fiscal_id: {
    normalize: normalizeFiscalId,
    accepts: (text) => isFiscalId('F', text),
    hint: 'scrivi i 16 caratteri del codice fiscale oppure le 11 cifre della partita IVA, come sulla tessera',
    personal: true,
  },
}

/** Whether what the field holds tells who a person is. */
export function isPersonal(field: { kind: string; format?: TextFormat }): boolean {
  return field.format !== undefined && FORMAT_RULES[field.format].personal
}
