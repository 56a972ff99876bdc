import { letterSlip } from '../domain/codice-fiscale.ts'
import { t } from './language.ts'

const WHOLE = 16

/**
 * What can be said of a code that is no codice fiscale: that characters are missing or too many, or that its last letter does not follow
 * from the others. Undefined when nothing more is known. One sentence for the form of the counter and for the rows of files.
 */
export function wrongFiscalCode(code: string): string | undefined {
  const slip = letterSlip(code.toUpperCase())
  if (slip) return t('person.letter', { ...slip })
  if (code.length === WHOLE || !/^[A-Z]{6}\w{4,}$/i.test(code)) return undefined
  return t('dues.problem.length', { count: code.length })
}
