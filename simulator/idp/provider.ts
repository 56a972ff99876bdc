import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type Provider from 'oidc-provider'
import type { Configuration, interactionPolicy } from 'oidc-provider'
import { html } from '../html.ts'
import { PEOPLE } from './people.ts'

/** Path of the provider below the simulator's address. */
export const IDP_PATH = '/idp'
const CLIENT = { id: 'mypay', secret: 'only-for-development-not-a-secret' }
/** The claim with which SPID and CIE identify the person. */
const FISCAL_NUMBER = 'https://attributes.eid.gov.it/fiscal_number'
/** Names of the levels of SPID and CIE, from the lowest to the highest. */
export const LEVELS = [1, 2, 3].map((level) => `https://www.spid.gov.it/SpidL${level}`)

export type IdpOptions = {
  /** Base address of the simulator's own pages. */
  url: string
  /** Base address of the product's pages. */
  clientUrl: string
}

/**
 * The simulated identity provider. Its library is loaded at the first login, so that a start without logins does not
 * wait for it.
 */
export async function makeProvider({ url, clientUrl }: IdpOptions): Promise<Provider> {
  const { default: ProviderClass, interactionPolicy: policies } = await import('oidc-provider')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = privateKey.export({ format: 'jwk' })
  return new ProviderClass(`${url}${IDP_PATH}`, {
    ...SETTINGS,
    interactions: { ...SETTINGS.interactions, policy: withLevels(policies) },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${clientUrl}/accedi/ritorno`],
        post_logout_redirect_uris: [`${clientUrl}/`],
      },
    ],
    cookies: { keys: [randomBytes(32).toString('hex')] },
    jwks: { keys: [{ ...jwk, use: 'sig', kid: 'simulator' }] } as NonNullable<Configuration['jwks']>,
  })
}

/** A person who is signed in below the requested level must sign in again, once. */
function withLevels({ base, Check }: typeof interactionPolicy): interactionPolicy.DefaultPolicy {
  const policy = base()
  const check = new Check('level_too_low', 'a higher level was asked for', ({ oidc }) => {
    const asked = askedLevels(oidc.params)
    return asked.length > 0 && !asked.includes(oidc.session?.acr ?? '') && oidc.result?.login === undefined
  })
  policy.get('login')!.checks.add(check)
  return policy
}

/** Levels that the client accepts, the best first. */
export function askedLevels(params: Record<string, unknown> | undefined): string[] {
  const asked = params?.['acr_values']
  return typeof asked === 'string' ? asked.split(' ').filter((name) => name !== '') : []
}

const MINUTES = 60

const SETTINGS: Configuration = {
  acrValues: LEVELS,
  claims: {
    acr: null,
    openid: ['sub'],
    profile: ['given_name', 'family_name', FISCAL_NUMBER],
    email: ['email'],
  },
  ttl: {
    AccessToken: 5 * MINUTES,
    AuthorizationCode: MINUTES,
    IdToken: 60 * MINUTES,
    Interaction: 30 * MINUTES,
    Session: 60 * MINUTES,
    Grant: 60 * MINUTES,
  },
  interactions: { url: (_ctx, { uid }) => `${IDP_PATH}/entra/${uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      logoutSource(ctx, form) {
        ctx.body = page('Uscire anche dal gestore di identità?', `${form}${LOGOUT_BUTTON}`)
      },
    },
  },
  findAccount: (_ctx, id) => {
    const person = PEOPLE.find((one) => one.id === id)
    if (!person) return undefined
    const claims = {
      sub: person.id,
      given_name: person.name,
      family_name: person.familyName,
      [FISCAL_NUMBER]: `TINIT-${person.codiceFiscale}`,
      ...(person.email === undefined ? {} : { email: person.email }),
    }
    return { accountId: person.id, claims: () => claims }
  },
  // The only client is the product itself, so nobody must give consent.
  async loadExistingGrant({ oidc }) {
    const { client, session, provider } = oidc
    const known = session!.grantIdFor(client!.clientId)
    if (known !== undefined) return provider.Grant.find(known)
    const grant = new provider.Grant({ clientId: client!.clientId, accountId: session!.accountId! })
    grant.addOIDCScope('openid profile email')
    await grant.save()
    return grant
  },
}

const LOGOUT_BUTTON = html`<p>
  <button class="main" type="submit" form="op.logoutForm" name="logout" value="yes">Esci</button>
</p>`.text

function page(title: string, body: string): string {
  const head = html`<meta charset="utf-8" /><meta
      name="viewport"
      content="width=device-width, initial-scale=1"
    />
    <title>${title} · Simulatore</title>
    <link rel="stylesheet" href="/stile.css" />`.text
  return `<!doctype html><html lang="it"><head>${head}</head><body><main><h1>${title}</h1>${body}</main></body></html>`
}
