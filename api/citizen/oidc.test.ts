import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { CLAIM_NAMES, createIdentityProvider, newAttempt, type IdentityProvider } from './oidc.ts'

const providerAt = (issuer: string): IdentityProvider =>
  createIdentityProvider(
    { issuer, clientId: 'mypay', clientSecret: 's', scope: 'openid', claims: CLAIM_NAMES, allowHttp: true },
    'http://mypay.example',
  )

it('a provider that is away is said to be away, and asked again at the next sign-in', async () => {
  const server = createServer((_req, res) => res.writeHead(503).end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = providerAt(issuer)
  await expect(provider.begin(newAttempt())).rejects.toMatchObject({ code: 'IDP_UNREACHABLE' })
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
  const url = await provider.begin(newAttempt())
  expect(url.href).toMatch(new RegExp(`^${issuer}/auth\\?.*code_challenge_method=S256`))
  expect(url.searchParams.get('redirect_uri')).toBe('http://mypay.example/accedi/ritorno')
  await new Promise((resolve) => server.close(resolve))
})

it('two sign-ins share no secret', () => {
  const [one, two] = [newAttempt(), newAttempt()]
  for (const field of ['state', 'nonce', 'verifier'] as const) expect(one[field]).not.toBe(two[field])
})
