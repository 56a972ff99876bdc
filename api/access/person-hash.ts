import { isCodiceFiscale, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import type { AppConfig } from '../deps.ts'
import { keyedHash } from './keyed-hash.ts'

/**
 * The form in which the register of accesses stores the person of a search: base64url of a keyed hash. A plain hash could be reversed by
 * trying all fiscal codes. The same person has the same hash until the key changes.
 * @param text a fiscal code; it is normalised first
 */
export const personHash = ({ keys }: Pick<AppConfig, 'keys'>, text: string): string =>
  keyedHash(keys.privacy, 'register of accesses', normalizeFiscalId(text)).toString('base64url')

/** The first valid fiscal code of a person inside a text, or undefined. Operators may type one into any field of a search. */
export const fiscalCodeIn = (text: string): string | undefined =>
  (text.toUpperCase().match(/[A-Z0-9]{16}/g) ?? []).find(isCodiceFiscale)
