import { z } from 'zod'
import { isSignatureOf, sign, type KeyRing } from '../../templates/signature.ts'

/** A permission to upload one file of one ente, once, within an hour. Source: docs/field/ente-services.md#operations. */
export interface UploadPermission {
  codIpa: string
  /** Identifies the upload afterwards; a UUID that can be used once. */
  requestToken: string
  /** The name of the password with which the software got the permission. */
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

/** A signed token for a permission. @param now an ISO instant; the token expires an hour later */
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

/** The permission of a token; undefined when the token is not ours or has expired. */
export function readUploadToken(keys: KeyRing, token: string, now: string): UploadPermission | undefined {
  const [body = '', signature = ''] = token.split('.')
  if (!isSignatureOf(keys, signedText(body), signature)) return undefined
  const { data } = Claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  if (!data || data.exp <= Date.parse(now)) return undefined
  return { codIpa: data.ente, requestToken: data.sub, credential: data.password }
}

/** The signed text begins with its purpose, so that nothing else that we sign is valid as a token. */
const signedText = (body: string): string => `upload-token:${body}`
