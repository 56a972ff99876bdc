import { createHmac, timingSafeEqual } from 'node:crypto'

/** Adds the proof that we made this link: who holds it may see what the path shows. The host is not part of it. */
export function signedPath(secret: string, path: string): string {
  return `${path}?firma=${signature(secret, path)}`
}

export function isSigned(secret: string, path: string, given: unknown): boolean {
  if (typeof given !== 'string') return false
  const expected = Buffer.from(signature(secret, path))
  const actual = Buffer.from(given)
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}

function signature(secret: string, path: string): string {
  return createHmac('sha256', secret).update(`link ${path}`).digest('base64url')
}
