import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const CLIENT = { clientId: 'mypay', clientSecret: 'the secret of the client' }

const newKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
/** The provider publishes the key `own` only. */
const KEYS = { own: newKey(), foreign: newKey() }

export type Signer = 'own key' | 'foreign key' | 'client secret' | 'nobody'

export interface StandInProvider {
  issuer: string
  /** Claims and signer of the next token; a test changes them. */
  answer: { signedBy: Signer; claims: Record<string, unknown>; info: Record<string, unknown> }
  close(): Promise<void>
}

/** Starts a provider whose claims and signature a test chooses, because the simulator's own provider is always correct. */
export async function startProvider(): Promise<StandInProvider> {
  const answer: StandInProvider['answer'] = { signedBy: 'own key', claims: {}, info: {} }
  const server = createServer((req, res) => {
    const body = PATHS[req.url!]?.()
    res.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const PATHS: Record<string, () => object> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/auth`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/info`,
      jwks_uri: `${issuer}/keys`,
    }),
    '/keys': () => ({ keys: [{ ...publicJwk(KEYS.own), use: 'sig', alg: 'RS256', kid: 'own' }] }),
    '/info': () => ({ sub: 'chiara', ...answer.info }),
    '/token': () => ({
      access_token: 'a-token',
      token_type: 'Bearer',
      id_token: tokenOf(
        { iss: issuer, aud: CLIENT.clientId, sub: 'chiara', ...times(), ...answer.claims },
        answer.signedBy,
      ),
    }),
  }
  return {
    issuer,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const publicJwk = (key: KeyObject): object => {
  const { kty, n, e } = key.export({ format: 'jwk' })
  return { kty, n, e }
}

const times = (): { iat: number; exp: number } => {
  const iat = Math.floor(Date.now() / 1000)
  return { iat, exp: iat + 60 }
}

function tokenOf(claims: object, signedBy: Signer): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const alg = { 'client secret': 'HS256', nobody: 'none' }[signedBy as string] ?? 'RS256'
  const body = `${part({ alg, kid: 'own' })}.${part(claims)}`
  return `${body}.${signatureOf(body, signedBy)}`
}

function signatureOf(body: string, signedBy: Signer): string {
  if (signedBy === 'nobody') return ''
  if (signedBy === 'client secret')
    return createHmac('sha256', CLIENT.clientSecret).update(body).digest('base64url')
  const key = signedBy === 'own key' ? KEYS.own : KEYS.foreign
  return createSign('sha256').update(body).sign(key, 'base64url')
}
