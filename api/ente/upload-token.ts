import { z } from 'zod'
import { isSignatureOf, sign, type KeyRing } from '../../templates/signature.ts'

/** What a token allows: one file for one ente, once, for an hour. Source: flows.md §1.3. */
export interface UploadPermission {
  codIpa: string
  /** Names the upload afterwards; used once. */
  requestToken: string
}

const LIFETIME_MS = 60 * 60_000
const Claims = z.object({
  type: z.literal('ws'),
  ente: z.string().max(80),
  sub: z.uuid(),
  exp: z.number(),
})

/** @param now an instant; the token ends an hour later */
export function issueUploadToken(
  keys: KeyRing,
  { codIpa, requestToken }: UploadPermission,
  now: string,
): string {
  const claims = { type: 'ws', ente: codIpa, sub: requestToken, exp: Date.parse(now) + LIFETIME_MS }
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `${body}.${sign(keys, signedText(body))}`
}

/** Nothing of a token that is not ours, or is over. */
export function readUploadToken(keys: KeyRing, token: string, now: string): UploadPermission | undefined {
  const [body = '', signature = ''] = token.split('.')
  if (!isSignatureOf(keys, signedText(body), signature)) return undefined
  const claims = Claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  return claims.exp > Date.parse(now) ? { codIpa: claims.ente, requestToken: claims.sub } : undefined
}

/** With a purpose of its own: no other signed thing of ours is a token. */
const signedText = (body: string): string => `upload-token:${body}`
