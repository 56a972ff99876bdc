import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Keys for one purpose. The first key signs and all keys verify, so that a key can be replaced while its signatures are
 * still in use.
 */
export type KeyRing = readonly [string, ...string[]]

/** @param text begins with its purpose, so that a signature for one purpose is never valid for another */
export const sign = ([key]: KeyRing, text: string): string => signatureBy(key, text)

export function isSignatureOf(keys: KeyRing, text: string, given: string): boolean {
  const actual = Buffer.from(given)
  return keys.some((key) => {
    const expected = Buffer.from(signatureBy(key, text))
    return actual.length === expected.length && timingSafeEqual(actual, expected)
  })
}

const signatureBy = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url')
