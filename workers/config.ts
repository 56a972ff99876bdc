import { z } from 'zod'
import { READ_LIMITS } from '../activities/import-flow/read-chunk.ts'
import { UPLOAD_LIMITS } from '../api/upload/limits.ts'
import { CLAIM_NAMES, type ClaimNames } from '../api/citizen/oidc.ts'
import { AppError } from '../domain/errors.ts'
import { CHASE, type Chase } from '../domain/payment/chase.ts'
import { PATIENCE, type Patience } from '../workflows/start.ts'
import { SWEEP, type SweepPace } from './sweep.ts'

const port = z.coerce.number().int().min(0).max(65535)
const url = z.url()
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )

const DEVELOPMENT_SECRET = 'only-for-development-not-a-secret-0123456789'
const DEVELOPMENT_PASSWORD = 'password1'
const DEVELOPMENT_CLIENT_SECRET = 'only-for-development-not-a-secret'

const claim = z.string().min(1)
const claimNames = z
  .strictObject({ codiceFiscale: claim, name: claim, familyName: claim, email: claim })
  .partial()
  .transform((given) => ({ ...CLAIM_NAMES, ...given }) as ClaimNames)

export const KB = 1_024
export const MB = 1_024 * KB

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  DATABASE_URL: url,
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  NODO_URL: url,
  NODO_BROKER: z.string().min(1).max(35).default('99999900014'),
  NODO_STATION: z.string().min(1).max(35).default('99999900014_01'),
  NODO_PASSWORD: z.string().min(8).max(15).default(DEVELOPMENT_PASSWORD),
  NODO_SUBSCRIPTION_KEY: z.string().optional(),
  NODO_TIMEOUT_MS: z.coerce.number().int().min(100).default(12_000),
  NODO_PAGE_HOSTS: list,
  NODO_PORT_TRUSTS: list,
  NODO_TLS_CERT: z.string().optional(),
  NODO_TLS_KEY: z.string().optional(),
  NODO_TLS_CLIENT_CA: z.string().optional(),
  TEMPORAL_UI: url.optional(),
  /** Without it nobody signs in, and everything else works. */
  OIDC_ISSUER: url.optional(),
  OIDC_CLIENT_ID: z.string().min(1).default('mypay'),
  OIDC_CLIENT_SECRET: z.string().min(1).default(DEVELOPMENT_CLIENT_SECRET),
  OIDC_SCOPE: z.string().default('openid profile email'),
  /** JSON: names of the claims that differ from those of SPID and CIE. */
  OIDC_CLAIMS: z
    .string()
    .default('{}')
    .transform((text, issues): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        issues.addIssue({
          code: 'custom',
          message: 'must be JSON, for example {"codiceFiscale":"fiscal_number"}',
        })
        return z.NEVER
      }
    })
    .pipe(claimNames),
  SMTP_URL: z.string().regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://'),
  MAIL_FROM: z.string().default('MyPay <noreply@mypay.example>'),
  PORT: port.default(3000),
  NODO_PORT: port.default(3001),
  ADMIN_PORT: port.default(3002),
  PUBLIC_URL: url.default('http://localhost:3000'),
  TRUSTED_PROXIES: list,
  SESSION_SECRET: z.string().min(32).default(DEVELOPMENT_SECRET),
  HELP_DESK: z.email().optional(),
  /** Is told by mail of what administrators of enti change; nobody is without it. */
  MAINTAINER_EMAIL: z.email().optional(),
  LINK_MINUTES: z.coerce.number().positive().default(15),
  /** Multiplies every rate limit: load from one address is not an attack where it is wanted. */
  LIMIT_FACTOR: z.coerce.number().positive().default(1),
  DATA_DIR: z.string().default('.data'),
  /** Limits of a file of dues: the archive and what is in it, MB; unpacked to packed; files in it; a line, KB. */
  UPLOAD_ZIP_MB: z.coerce
    .number()
    .int()
    .positive()
    .default(UPLOAD_LIMITS.zipBytes / MB),
  UPLOAD_CSV_MB: z.coerce
    .number()
    .int()
    .positive()
    .default(UPLOAD_LIMITS.csvBytes / MB),
  UPLOAD_RATIO: z.coerce.number().positive().default(UPLOAD_LIMITS.ratio),
  UPLOAD_ENTRIES: z.coerce.number().int().positive().default(UPLOAD_LIMITS.entries),
  UPLOAD_LINE_KB: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_024)
    .default(READ_LIMITS.lineBytes / KB),
  /** Status of a refused upload by the software of an ente: 200 for software that takes another one for a breakdown. */
  UPLOAD_REFUSED_STATUS: z
    .enum(['200', '403'])
    .default('403')
    .transform((text) => Number(text) as 200 | 403),
  WORKER_QUEUES: list,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Fault and benchmark runs shorten the waits: JSON of a partial Patience. */
  PATIENCE: z.string().optional(),
})

export type Environment = z.infer<typeof schema>

export interface Config extends Environment {
  patience: Patience
  sweep: SweepPace
  isProduction: boolean
}

type Variables = Record<string, string | undefined>

/** @throws CONFIG_INVALID whose details list every fault at once */
export function readConfig(env: Variables): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (!parsed.success)
    throw new AppError('CONFIG_INVALID', {
      faults: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    })
  const faults = productionFaults(parsed.data)
  if (faults.length > 0) throw new AppError('CONFIG_INVALID', { faults })
  return {
    ...parsed.data,
    ...waitsOf(parsed.data.PATIENCE),
    isProduction: parsed.data.NODE_ENV === 'production',
  }
}

/** In production no default secret, and nobody reaches the node port without having proved who he is. */
function productionFaults(env: Environment): string[] {
  if (env.NODE_ENV !== 'production') return []
  const hasTls = env.NODO_TLS_CERT && env.NODO_TLS_KEY && env.NODO_TLS_CLIENT_CA
  const faults: [boolean, string][] = [
    [
      env.SESSION_SECRET === DEVELOPMENT_SECRET,
      'SESSION_SECRET: set a secret of your own (32 characters or more)',
    ],
    [
      env.NODO_PASSWORD === DEVELOPMENT_PASSWORD,
      'NODO_PASSWORD: the development password is refused in production',
    ],
    [
      !hasTls && env.NODO_PORT_TRUSTS.length === 0,
      'NODO_TLS_CERT, NODO_TLS_KEY, NODO_TLS_CLIENT_CA: set all three, or NODO_PORT_TRUSTS to the terminating proxy',
    ],
    [
      env.OIDC_ISSUER !== undefined && env.OIDC_CLIENT_SECRET === DEVELOPMENT_CLIENT_SECRET,
      'OIDC_CLIENT_SECRET: the development secret is refused in production',
    ],
    [env.OIDC_ISSUER?.startsWith('http:') ?? false, 'OIDC_ISSUER: must be https in production'],
    [env.PATIENCE !== undefined, 'PATIENCE: is for tests only'],
  ]
  return faults.filter(([isFault]) => isFault).map(([, text]) => text)
}

function waitsOf(json: string | undefined): Pick<Config, 'patience' | 'sweep'> {
  if (json === undefined) return { patience: PATIENCE, sweep: SWEEP }
  const { sweep, chase, ...given } = JSON.parse(json) as Partial<Omit<Patience, 'chase'>> & {
    chase?: Partial<Chase>
    sweep?: Partial<SweepPace>
  }
  return {
    patience: { ...PATIENCE, ...given, chase: { ...CHASE, ...chase } },
    sweep: { ...SWEEP, ...sweep },
  }
}

/** Prints every fault and ends: a wrong configuration never starts half a process. */
export function configOrExit(env: Variables): Config {
  try {
    return readConfig(env)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const faults = error.details['faults'] as string[]
    process.stderr.write(
      `Configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\n`,
    )
    process.exit(1)
  }
}
