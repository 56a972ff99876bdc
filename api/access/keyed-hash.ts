import { createHmac } from 'node:crypto'

/**
 * A keyed hash (HMAC-SHA256, 32 bytes), which the tables store in place of a mailbox, a network address or a fiscal code: equal
 * texts can be recognised, and nobody can read them.
 * @param kind separates purposes: the same text has another hash for another kind
 */
export const keyedHash = (secret: string, kind: string, text: string): Buffer =>
  createHmac('sha256', secret).update(`${kind}\0${text}`).digest()
