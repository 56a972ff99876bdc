import { z } from 'zod'
import { isSignatureOf, sign, type KeyRing } from '../../templates/signature.ts'

/** What a token allows: one file for one ente, once, for an hour. Source: docs/field/ente-services.md#operations. */
export interface UploadPermission {
  codIpa: string
  /** Names the upload afterwards; used once. */
  requestToken: string
  /** The password that it was given for, by its name. */
  credential: string
}

const LIFETIME_MS = 60 * 60_000
const Claims = z.object({
  type: z.literal('ws'),
  ente: z.string().max(80),
  sub: z.uuid(),
  password: z.string().max(22),
  exp: z.number(),
})

/** @param now an instant; the token ends an hour later */
export function issueUploadToken(
  keys: KeyRing,
  { codIpa, requestToken, credential }: UploadPermission,
  now: string,
): string {
  const exp = Date.parse(now) + LIFETIME_MS
  const claims = { type: 'ws', ente: codIpa, sub: requestToken, password: credential, exp }
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `${body}.${sign(keys, signedText(body))}`
}

/** Nothing of a token that is not ours, or is over. */
export function readUploadToken(keys: KeyRing, token: string, now: string): UploadPermission | undefined {
  const [body = '', signature = ''] = token.split('.')
  if (!isSignatureOf(keys, signedText(body), signature)) return undefined
  const { data } = Claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  if (!data || data.exp <= Date.parse(now)) return undefined
  return { codIpa: data.ente, requestToken: data.sub, credential: data.password }
}

/** With a purpose of its own: no other signed thing of ours is a token. */
const signedText = (body: string): string => `upload-token:${body}`
