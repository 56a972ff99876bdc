import { createHmac } from 'node:crypto'
import { isCodiceFiscale, normalizeFiscalId } from '../domain/codice-fiscale.ts'
import type { AppConfig } from './deps.ts'

/**
 * How the register of accesses keeps whom somebody searched for: a keyed hash, because fiscal codes are few enough to try them all. The
 * same text has the same hash as long as the key stays.
 */
export const personHash = ({ keys }: Pick<AppConfig, 'keys'>, text: string): string =>
  createHmac('sha256', keyOf(keys.privacy)).update(normalizeFiscalId(text)).digest('base64url')

/** A key of its own: what it hashes proves nothing elsewhere. */
const keyOf = (secret: string): Buffer => createHmac('sha256', secret).update('register of accesses').digest()

/** The fiscal code of a person inside a text that is searched for, whatever field it was typed into. */
export const fiscalCodeIn = (text: string): string | undefined =>
  (text.toUpperCase().match(/[A-Z0-9]{16}/g) ?? []).find(isCodiceFiscale)
