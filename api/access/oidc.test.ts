import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  CLIENT,
  startProvider,
  type Signer,
  type StandInProvider,
} from '../../test/setup/identity-provider.ts'
import {
  CLAIM_NAMES,
  createIdentityProvider,
  newAttempt,
  SPID_LEVELS,
  type IdentityProvider,
} from './oidc.ts'

const providerAt = (issuer: string): IdentityProvider =>
  createIdentityProvider(
    { issuer, ...CLIENT, scope: 'openid', claims: CLAIM_NAMES, levels: SPID_LEVELS, allowHttp: true },
    'http://mypay.example',
  )

let stand: StandInProvider
beforeEach(async () => {
  stand = await startProvider()
})
afterEach(() => stand.close())

const CHIARA = { [CLAIM_NAMES.codiceFiscale]: 'TINIT-BNCCHR85H52M999M', given_name: 'Chiara' }

/** Ends a sign-in whose token has these claims. */
function finish(claims: object, signedBy: Signer = 'own key') {
  const attempt = newAttempt()
  Object.assign(stand.answer, { signedBy, claims: { ...CHIARA, nonce: attempt.nonce, ...claims } })
  const query = new URLSearchParams({ code: 'abc', state: attempt.state })
  return providerAt(stand.issuer).finish(attempt, query)
}

it('a token that the provider signed is accepted', async () => {
  expect(await finish({})).toMatchObject({ codiceFiscale: 'BNCCHR85H52M999M' })
})

it.each<Signer>(['foreign key', 'client secret', 'nobody'])(
  'a token that the provider did not sign is refused: %s',
  async (signedBy) => {
    await expect(finish({}, signedBy)).rejects.toMatchObject({ code: 'LOGIN_REFUSED' })
  },
)

it.each([
  ['of another sign-in', { nonce: 'another' }],
  ['for another client', { aud: 'another' }],
  ['of another provider', { iss: 'https://another.example' }],
  ['that has expired', { exp: 1_700_000_000 }],
])('a token %s is refused', async (_what, claims) => {
  await expect(finish(claims)).rejects.toMatchObject({ code: 'LOGIN_REFUSED' })
})

it('claims of the signed token replace those of the userinfo endpoint', async () => {
  stand.answer.info = { [CLAIM_NAMES.codiceFiscale]: 'TINIT-SPSLCU71S03M999T', family_name: 'Bianchi' }
  expect(await finish({})).toMatchObject({ codiceFiscale: 'BNCCHR85H52M999M', anagrafica: 'Chiara Bianchi' })
})

it.each([
  ['https://www.spid.gov.it/SpidL1', 1],
  ['https://www.spid.gov.it/SpidL2', 2],
  ['https://www.spid.gov.it/SpidL3', 3],
  ['https://www.spid.gov.it/SpidL9', 1],
  [2, 1],
  [undefined, 1],
])('the level of %s is %i', async (acr, level) => {
  expect((await finish({ acr })).level).toBe(level)
})

it('the level comes from the signed token, not from the userinfo endpoint', async () => {
  stand.answer.info = { acr: SPID_LEVELS[2] }
  expect((await finish({ acr: SPID_LEVELS[0] })).level).toBe(1)
})

it('the request to the provider names the level and the higher ones', async () => {
  const url = await providerAt(stand.issuer).begin(newAttempt(), 2)
  expect(url.searchParams.get('acr_values')).toBe(`${SPID_LEVELS[1]} ${SPID_LEVELS[2]}`)
})

it('a provider that does not answer gives IDP_UNREACHABLE, and the next sign-in tries it again', async () => {
  const server = createServer((_req, res) => res.writeHead(503).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = providerAt(issuer)
  await expect(provider.begin(newAttempt(), 1)).rejects.toMatchObject({ code: 'IDP_UNREACHABLE' })
  server.removeAllListeners('request')
  server.on('request', (_req, res) =>
    res.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
      }),
    ),
  )
  const url = await provider.begin(newAttempt(), 1)
  expect(url.href).toMatch(new RegExp(`^${issuer}/auth\\?.*code_challenge_method=S256`))
  expect(url.searchParams.get('redirect_uri')).toBe('http://mypay.example/accedi/ritorno')
  await new Promise((resolve) => server.close(resolve))
})

it('two sign-ins have different secrets', () => {
  const [one, two] = [newAttempt(), newAttempt()]
  for (const field of ['state', 'nonce', 'verifier'] as const) expect(one[field]).not.toBe(two[field])
})
