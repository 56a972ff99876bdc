import type { Logger } from 'pino'
import { isEncryptedMail } from '../activities/mail/mailer.ts'
import { hasTemporalTls } from '../activities/temporal-tls.ts'
import { databaseReach } from '../db/ground/connection.ts'
import type { Environment } from './environment.ts'
import type { Exception } from './exceptions.ts'
import { DEVELOPMENT_CLIENT_SECRET, DEVELOPMENT_PASSWORD, keyFaults, type Fault } from './keys.ts'

interface Rule {
  variable: string
  isBroken: (env: Environment) => boolean
  remedy: string
  exception?: Exception
}

const hasNodeTls = (env: Environment): boolean =>
  Boolean(env.NODO_TLS_CERT && env.NODO_TLS_KEY && env.NODO_TLS_CLIENT_CA)
const isHttp = (url: string | undefined): boolean => url?.startsWith('http:') ?? false

/** True for this machine or a socket on it, where nobody else can read the traffic. */
const isLoopback = (host: string): boolean =>
  host === '' || host.startsWith('/') || /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host)

const IN_PRODUCTION: readonly Rule[] = [
  {
    variable: 'NODE_TLS_REJECT_UNAUTHORIZED',
    isBroken: (env) => env.NODE_TLS_REJECT_UNAUTHORIZED === '0',
    remedy:
      'remove it, because with 0 no certificate is checked; name a CA of your own in NODE_EXTRA_CA_CERTS',
    exception: 'tls_unverified',
  },
  {
    variable: 'PUBLIC_URL',
    isBroken: (env) => isHttp(env.PUBLIC_URL),
    remedy: 'must be https, the address that browsers see',
    exception: 'public_http',
  },
  {
    variable: 'NODO_URL',
    isBroken: (env) => isHttp(env.NODO_URL),
    remedy: 'must be https',
    exception: 'nodo_http',
  },
  {
    variable: 'SMTP_URL',
    isBroken: (env) => !isEncryptedMail(env.SMTP_URL) && !isLoopback(hostOf(env.SMTP_URL)),
    remedy: 'must be smtps://, or smtp:// with ?requireTLS=true, and the certificate must be checked',
    exception: 'smtp_plain',
  },
  {
    variable: 'DATABASE_URL',
    isBroken: (env) => {
      const { host, isEncrypted } = databaseReach(env.DATABASE_URL)
      return !isEncrypted && !isLoopback(host)
    },
    remedy: 'add ?sslmode=verify-full (and sslrootcert=FILE for a CA of your own)',
    exception: 'database_plain',
  },
  {
    variable: 'TEMPORAL_ADDRESS',
    isBroken: (env) => !hasTemporalTls(env) && !isLoopback(env.TEMPORAL_ADDRESS.replace(/:\d+$/, '')),
    remedy: 'set TEMPORAL_TLS_CA, or TEMPORAL_TLS_SERVER_NAME where a public CA vouches for the server',
    exception: 'temporal_plain',
  },
  {
    variable: 'STAFF_LEVEL',
    isBroken: (env) => env.STAFF_LEVEL < 2,
    remedy: 'must be 2 or more, because operators and administrators need a second factor',
    exception: 'staff_level_1',
  },
  {
    variable: 'NODO_PASSWORD',
    isBroken: (env) => env.NODO_PASSWORD === DEVELOPMENT_PASSWORD,
    remedy: 'the development password is refused in production; set that of the station',
  },
  {
    variable: 'NODO_TLS_CERT, NODO_TLS_KEY, NODO_TLS_CLIENT_CA',
    isBroken: (env) => !hasNodeTls(env) && env.NODO_PORT_TRUSTS.length === 0,
    remedy: 'set all three, or NODO_PORT_TRUSTS to the terminating proxy',
  },
  {
    variable: 'NODO_TLS_CLIENT_SUBJECTS',
    isBroken: (env) => hasNodeTls(env) && env.NODO_TLS_CLIENT_SUBJECTS.length === 0,
    remedy:
      'set the subject of the certificate that the node calls with, for example CN=api.example,O=Example',
  },
  {
    variable: 'OIDC_CLIENT_SECRET',
    isBroken: (env) => env.OIDC_ISSUER !== undefined && env.OIDC_CLIENT_SECRET === DEVELOPMENT_CLIENT_SECRET,
    remedy: 'the development secret is refused in production; set the one agreed with the provider',
  },
  {
    variable: 'OIDC_ISSUER',
    isBroken: (env) => isHttp(env.OIDC_ISSUER),
    remedy: 'must be https in production',
  },
  {
    variable: 'LIMIT_FACTOR',
    isBroken: (env) => env.LIMIT_FACTOR !== 1,
    remedy: 'remove it: rate limits are lifted in tests only',
  },
  {
    variable: 'PATIENCE',
    isBroken: (env) => env.PATIENCE !== undefined,
    remedy: 'is for tests only; remove it',
  },
]

const EVERYWHERE: readonly Rule[] = [
  {
    variable: 'TEMPORAL_TLS_CERT',
    isBroken: (env) => (env.TEMPORAL_TLS_CERT === undefined) !== (env.TEMPORAL_TLS_KEY === undefined),
    remedy: 'set TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY, or none of them',
  },
]

/**
 * Readable values that are refused. Plain connections are fine on this machine; addresses that a browser or the node uses
 * must be https.
 * @param unreadable variables to skip, because they are reported already
 */
export function brokenRules(env: Environment, unreadable: ReadonlySet<string>): Fault[] {
  const isProduction = env.NODE_ENV === 'production'
  const isAccepted = (exception?: Exception): boolean =>
    exception !== undefined && env.ACCEPT_INSECURE.includes(exception)
  const broken = [...EVERYWHERE, ...(isProduction ? IN_PRODUCTION : [])].filter(
    ({ variable, isBroken, exception }) =>
      !unreadable.has(variable) && !isAccepted(exception) && isBroken(env),
  )
  const keys = isProduction ? keyFaults(env).filter(({ variable }) => !unreadable.has(variable)) : []
  return [...keys, ...broken.map(toFault)]
}

const toFault = ({ variable, remedy, exception }: Rule): Fault => ({
  variable,
  text: exception === undefined ? remedy : `${remedy} (or name ${exception} in ACCEPT_INSECURE)`,
})

/** Called at each start, so that an exception that was accepted once is not forgotten. */
export function warnOfExceptions(accepted: readonly Exception[], log: Logger): void {
  for (const exception of accepted)
    log.warn({ exception }, 'ACCEPT_INSECURE: accepted although it is not safe')
}

const hostOf = (url: string): string => new URL(url).hostname
