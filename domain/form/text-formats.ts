import { isFiscalId, normalizeFiscalId } from '../codice-fiscale.ts'
import { isPlainText } from '../text.ts'

export const TEXT_FORMATS = ['any', 'code', 'targa', 'fiscal_id'] as const
export type TextFormat = (typeof TEXT_FORMATS)[number]

interface FormatRule {
  /** Applied before `accepts`; its result is stored. */
  normalize: (text: string) => string
  accepts: (text: string) => boolean
  personal: boolean
}

const oneBlank = (text: string) => text.trim().replace(/\s+/g, ' ')
const compactUpper = (text: string) => text.replace(/[\s-]/g, '').toUpperCase()

export const FORMAT_RULES: Record<TextFormat, FormatRule> = {
  any: {
    normalize: oneBlank,
    accepts: (text) => text !== '' && isPlainText(text),
    personal: false,
  },
  code: {
    normalize: (text) => oneBlank(text).toUpperCase(),
    accepts: (text) => /^[A-Z0-9][A-Z0-9/. -]*$/.test(text),
    personal: false,
  },
  targa: {
    normalize: compactUpper,
    accepts: (text) => /^[A-Z0-9]{4,10}$/.test(text),
    personal: true,
  },
  fiscal_id: {
    normalize: normalizeFiscalId,
    accepts: (text) => isFiscalId('F', text),
    personal: true,
  },
}

/** True when the value of the field identifies a person. */
export function isPersonal(field: { kind: string; format?: TextFormat }): boolean {
  return field.format !== undefined && FORMAT_RULES[field.format].personal
}
