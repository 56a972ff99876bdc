import * as oidc from 'openid-client'
import { z } from 'zod'
import { isFiscalId, normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import { AppError, codeOf } from '../../domain/errors.ts'
import { emailAddress } from '../../domain/person.ts'

/** The names of the provider's claims, by our field. The name of the fiscal code is the one of SPID and CIE. */
export const CLAIM_NAMES = {
  codiceFiscale: 'https://attributes.eid.gov.it/fiscal_number',
  name: 'given_name',
  familyName: 'family_name',
  email: 'email',
}
export type ClaimNames = typeof CLAIM_NAMES

/** The names that SPID and CIE give to their levels, the lowest first. */
export const SPID_LEVELS = [1, 2, 3].map((level) => `https://www.spid.gov.it/SpidL${level}`)

export interface OidcConfig {
  issuer: string
  clientId: string
  clientSecret: string
  scope: string
  claims: ClaimNames
  /** The names of the levels in the claim `acr`, the lowest first. */
  levels: readonly string[]
  /** Allows an issuer with http instead of https; for development on this machine only. */
  allowHttp: boolean
}

/** The secrets of one sign-in, which the session keeps until the browser comes back from the provider. */
export interface LoginAttempt {
  state: string
  nonce: string
  verifier: string
}

export interface SignedIn {
  codiceFiscale: string
  anagrafica: string
  email: string | undefined
  /** How strongly the person has authenticated, from 1; a level with an unknown name counts as 1. */
  level: number
  /** Sent to the provider at sign-out, so that it ends the right session. */
  idToken: string
}

/** Sign-in and sign-out with OpenID Connect. No other module uses the protocol. */
export interface IdentityProvider {
  /**
   * The address of the provider to which the browser is sent.
   * @param level the lowest level that is requested; the provider may give a lower one, so the caller must check the level of `finish`
   * @throws IDP_UNREACHABLE when the provider does not answer
   */
  begin(attempt: LoginAttempt, level: number): Promise<URL>
  /**
   * The person who signed in.
   * @param answer the query with which the browser came back
   * @throws LOGIN_REFUSED when the provider refuses or its answer is invalid, IDP_UNREACHABLE when it does not answer
   */
  finish(attempt: LoginAttempt, answer: URLSearchParams): Promise<SignedIn>
  /** The address of the provider that ends its session too. @throws IDP_UNREACHABLE when the provider does not answer */
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
  // The answer of discovery is kept. After a failure the next sign-in tries again.
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
          // The claims of the token replace those of userinfo, because only the token is signed.
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

/** The person comes from the claims alone, never from anything that the browser sent. */
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
  Math.max(1, levels.findIndex((level) => level === acr) + 1)

function asLoginError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const reason = codeOf(error)
  const isSilence = error instanceof TypeError || reason === 'OAUTH_TIMEOUT'
  return new AppError(isSilence ? 'IDP_UNREACHABLE' : 'LOGIN_REFUSED', { reason }, error)
}
