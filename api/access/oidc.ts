import * as oidc from 'openid-client'
import { z } from 'zod'
import { isFiscalId, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { AppError } from '../../domain/errors.ts'
import { emailAddress } from '../../domain/person.ts'

/** Which claim of the provider says what; SPID and CIE name the fiscal code as here. */
export const CLAIM_NAMES = {
  codiceFiscale: 'https://attributes.eid.gov.it/fiscal_number',
  name: 'given_name',
  familyName: 'family_name',
  email: 'email',
}
export type ClaimNames = typeof CLAIM_NAMES

/** How SPID and CIE name their levels, the lowest first. */
export const SPID_LEVELS = [1, 2, 3].map((level) => `https://www.spid.gov.it/SpidL${level}`)

export interface OidcConfig {
  issuer: string
  clientId: string
  clientSecret: string
  scope: string
  claims: ClaimNames
  /** Names of the levels in `acr`, the lowest first. */
  levels: readonly string[]
  /** http is for development on this machine. */
  allowHttp: boolean
}

/** What a login under way must find again when the browser comes back. */
export interface LoginAttempt {
  state: string
  nonce: string
  verifier: string
}

export interface SignedIn {
  codiceFiscale: string
  anagrafica: string
  email: string | undefined
  /** How surely the provider knows; one whose name is not known counts as the lowest. */
  level: number
  /** Says to the provider whose session ends at logout. */
  idToken: string
}

/** The one module that speaks OpenID Connect. */
export interface IdentityProvider {
  /** @param level the least that is asked for; the provider may give less, so look at what `finish` says */
  begin(attempt: LoginAttempt, level: number): Promise<URL>
  /** @throws LOGIN_REFUSED when the provider or its answer says no, IDP_UNREACHABLE when it does not answer */
  finish(attempt: LoginAttempt, answer: URLSearchParams): Promise<SignedIn>
  logoutUrl(idToken: string): Promise<URL>
}

export const newAttempt = (): LoginAttempt => ({
  state: oidc.randomState(),
  nonce: oidc.randomNonce(),
  verifier: oidc.randomPKCECodeVerifier(),
})

export function createIdentityProvider(config: OidcConfig, publicUrl: string): IdentityProvider {
  const callback = new URL('/accedi/ritorno', publicUrl)
  let known: Promise<oidc.Configuration> | undefined
  // A provider that was down is asked again at the next login; one that answered stays known.
  const discovered = () =>
    (known ??= discover(config).catch((error: unknown) => {
      known = undefined
      throw new AppError('IDP_UNREACHABLE', { issuer: config.issuer }, error)
    }))

  return {
    async begin({ state, nonce, verifier }, level) {
      const wanted = config.levels.slice(level - 1)
      return oidc.buildAuthorizationUrl(await discovered(), {
        redirect_uri: callback.href,
        scope: config.scope,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(wanted.length === 0 ? {} : { acr_values: wanted.join(' ') }),
      })
    },
    async finish(attempt, answer) {
      const provider = await discovered()
      try {
        const tokens = await oidc.authorizationCodeGrant(provider, withQuery(callback, answer), {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.verifier,
          idTokenExpected: true,
        })
        const claims = tokens.claims()!
        const info = await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub)
        return {
          // What is signed counts more than what is not.
          ...personOf({ ...info, ...claims }, config.claims),
          level: levelOf(claims['acr'], config.levels),
          idToken: tokens.id_token!,
        }
      } catch (error) {
        throw asLoginError(error)
      }
    },
    async logoutUrl(idToken) {
      return oidc.buildEndSessionUrl(await discovered(), {
        id_token_hint: idToken,
        post_logout_redirect_uri: new URL('/', publicUrl).href,
      })
    },
  }
}

const TIMEOUT_SECONDS = 5

function discover({ issuer, clientId, clientSecret, allowHttp }: OidcConfig): Promise<oidc.Configuration> {
  return oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    timeout: TIMEOUT_SECONDS,
    execute: [oidc.enableNonRepudiationChecks, ...(allowHttp ? [oidc.allowInsecureRequests] : [])],
  })
}

function withQuery(callback: URL, answer: URLSearchParams): URL {
  const url = new URL(callback)
  url.search = answer.toString()
  return url
}

/** Whose login it is comes from the provider alone. */
function personOf(
  claims: Record<string, unknown>,
  names: ClaimNames,
): Pick<SignedIn, 'codiceFiscale' | 'anagrafica' | 'email'> {
  const text = (name: keyof ClaimNames): string => z.string().catch('').parse(claims[names[name]]).trim()
  // SPID writes the country before the code.
  const codiceFiscale = normalizeFiscalId(text('codiceFiscale').replace(/^TINIT-/i, ''))
  if (!isFiscalId('F', codiceFiscale)) throw new AppError('LOGIN_REFUSED', { reason: 'no fiscal code' })
  const anagrafica = `${text('name')} ${text('familyName')}`.trim().slice(0, 70) || codiceFiscale
  const email = emailAddress.safeParse(text('email'))
  return { codiceFiscale, anagrafica, email: email.success ? email.data : undefined }
}

const levelOf = (acr: unknown, levels: readonly string[]): number =>
  Math.max(1, levels.indexOf(acr as string) + 1)

function asLoginError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const { code: reason } = error as { code?: string }
  const isSilence = error instanceof TypeError || reason === 'OAUTH_TIMEOUT'
  return new AppError(isSilence ? 'IDP_UNREACHABLE' : 'LOGIN_REFUSED', { reason }, error)
}
