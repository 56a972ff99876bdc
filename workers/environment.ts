import { z } from 'zod'
import { READ_LIMITS } from '../activities/import-flow/read-chunk.ts'
import { UPLOAD_LIMITS } from '../api/upload/limits.ts'
import { CLAIM_NAMES, SPID_LEVELS, type ClaimNames } from '../api/access/oidc.ts'
import { SIGN_IN } from '../api/access/sign-in-rules.ts'
import { subjects } from './client-subjects.ts'
import { DEVELOPMENT_CLIENT_SECRET, DEVELOPMENT_PASSWORD, keySchema } from './keys.ts'
import { limitSchema } from './limits.ts'
import { exceptionNames } from './exceptions.ts'

const port = z.coerce.number().int().min(0).max(65535)
const url = z.url()
const listOr = (absent: readonly string[]) =>
  z
    .string()
    .default(absent.join(','))
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
const list = listOr([])
const level = z.coerce.number().int().min(1).max(3)

const claim = z.string().min(1)
const claimNames = z
  .strictObject({ codiceFiscale: claim, name: claim, familyName: claim, email: claim })
  .partial()
  .transform((given) => ({ ...CLAIM_NAMES, ...given }) as ClaimNames)

export const KB = 1_024
export const MB = 1_024 * KB

/** Environment variables of every process. */
export const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  NODE_TLS_REJECT_UNAUTHORIZED: z.string().optional(),
  /** Names of the insecure settings that production accepts nevertheless. */
  ACCEPT_INSECURE: list.pipe(exceptionNames),
  DATABASE_URL: url,
  /** Role the processes connect as when migrations run as another role; `migrate` grants it the use of the tables. */
  DATABASE_ROLE: z.string().min(1).optional(),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_TLS_CA: z.string().optional(),
  TEMPORAL_TLS_CERT: z.string().optional(),
  TEMPORAL_TLS_KEY: z.string().optional(),
  TEMPORAL_TLS_SERVER_NAME: z.string().optional(),
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
  NODO_TLS_CLIENT_SUBJECTS: subjects,
  TEMPORAL_UI: url.optional(),
  /** Without it nobody can sign in; everything else works. */
  OIDC_ISSUER: url.optional(),
  OIDC_CLIENT_ID: z.string().min(1).default('mypay'),
  OIDC_CLIENT_SECRET: z.string().min(1).default(DEVELOPMENT_CLIENT_SECRET),
  /** Values of `acr` by which the provider names its levels, the lowest first. */
  OIDC_LEVELS: listOr(SPID_LEVELS),
  STAFF_LEVEL: level.default(SIGN_IN.staffLevel),
  CITIZEN_LEVEL: level.default(SIGN_IN.citizenLevel),
  /** Hours from the sign-in to the end of the session; use does not prolong it. */
  STAFF_SESSION_HOURS: z.coerce.number().positive().max(24).default(SIGN_IN.staffHours),
  CITIZEN_SESSION_HOURS: z.coerce.number().positive().max(168).default(SIGN_IN.citizenHours),
  OIDC_SCOPE: z.string().default('openid profile email'),
  /** JSON with the names of the claims that differ from those of SPID and CIE. */
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
  /** Health and metrics answer this machine only; set it when an orchestrator calls from another one. */
  ADMIN_HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: url.default('http://localhost:3000'),
  TRUSTED_PROXIES: list,
  ...keySchema,
  HELP_DESK: z.email().optional(),
  /** Gets a mail for each change that an administrator of an ente makes; without it no such mail is sent. */
  MAINTAINER_EMAIL: z.email().optional(),
  LINK_MINUTES: z.coerce.number().positive().default(15),
  /** Multiplies every rate limit, for tests and measurements that send much load from one address. */
  LIMIT_FACTOR: z.coerce.number().positive().default(1),
  ...limitSchema,
  DATA_DIR: z.string().default('.data'),
  /** Limits of an uploaded file of dues: archive (MB), file in it (MB), unpacked to packed size, files in it, line (KB). */
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
  /** HTTP status when an ente's software sends a refused upload; 200 suits software that treats others as a breakdown. */
  UPLOAD_REFUSED_STATUS: z
    .enum(['200', '403'])
    .default('403')
    .transform((text) => Number(text) as 200 | 403),
  WORKER_QUEUES: list,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** JSON of a partial Patience: fault and benchmark runs shorten the waits with it. */
  PATIENCE: z.string().optional(),
})

export type Environment = z.infer<typeof schema>
