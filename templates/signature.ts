import { createHmac, timingSafeEqual } from 'node:crypto'

/** Keys of one purpose. The first one signs and all of them verify, so that a key can change while what it signed is still in use. */
export type KeyRing = readonly [string, ...string[]]

/** @param text begins with its purpose, so that a signature of one kind never passes for another */
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
