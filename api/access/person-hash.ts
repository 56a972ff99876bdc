import { isCodiceFiscale, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import type { AppConfig } from '../deps.ts'
import { keyedHash } from './keyed-hash.ts'

/**
 * How the register of accesses keeps whom somebody searched for: a keyed hash, because fiscal codes are few enough to try them all. The
 * same text has the same hash as long as the key stays.
 */
export const personHash = ({ keys }: Pick<AppConfig, 'keys'>, text: string): string =>
  keyedHash(keys.privacy, 'register of accesses', normalizeFiscalId(text)).toString('base64url')

/** The fiscal code of a person inside a text that is searched for, whatever field it was typed into. */
export const fiscalCodeIn = (text: string): string | undefined =>
  (text.toUpperCase().match(/[A-Z0-9]{16}/g) ?? []).find(isCodiceFiscale)
