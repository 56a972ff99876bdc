import type { Knex } from 'knex'
import type { Logger } from 'pino'
import type { Processes } from '../workflows/processes.ts'
import type { FileStore } from '../services/file-store.ts'
import type { NoticeLimits } from '../db/citizen/maker.ts'
import type { SignInRules } from './access/sign-in-rules.ts'
import type { UploadLimits } from './upload/limits.ts'
import type { IdentityProvider } from './access/oidc.ts'
import type { KeyRing } from '../templates/signature.ts'
import type { Live } from './page/news.ts'
import type { LimitPoints } from './middleware/limits.ts'

/** Each purpose has keys of its own: who learns one of them can do nothing else. */
export interface Keys {
  session: KeyRing
  link: KeyRing
  token: KeyRing
  /**
   * Keyed hashes of addresses, mailboxes and fiscal codes: in limits, in the register of accesses, of who made a due. A new one starts
   * the counts again, finds no older search by person, and takes from people the notices that they made without signing in.
   */
  privacy: string
}

export interface AppConfig {
  /** What browsers see; links in mails start with it. */
  publicUrl: string
  /** Hosts (with port) whose pages a citizen may be sent to for paying. */
  nodeHosts: readonly string[]
  /** Origin of the identity provider, where signing out leads. */
  oidcOrigin?: string | undefined
  keys: Keys
  signIn: SignInRules
  isProduction: boolean
  /** Pages and receipts say that nothing is real. */
  isTest: boolean
  trustedProxies: readonly string[]
  linkMinutes: number
  /** Mail address of the help desk. */
  helpDesk?: string | undefined
  /** Who is told of what administrators of enti change. */
  maintainer?: string | undefined
  /** Multiplies the rate limits; 1 when absent. Load and fault runs come from one address. */
  limitFactor?: number | undefined
  /** Points of the rate limits; the usual ones when absent. */
  limits?: LimitPoints
  /** Unpaid notices that citizens may prepare in an hour; the usual ones when absent. */
  noticeLimits?: NoticeLimits
  /** Address of the Temporal UI, for support. */
  temporalUi?: string | undefined
  /** What a file of dues may be; the usual limits when absent. */
  upload: UploadLimits
  /** Status of a refused upload by software; 403 when absent. */
  uploadRefusedStatus?: 200 | 403 | undefined
  /** Now, as an ISO instant. */
  clock?: () => string
}

export interface AppDeps {
  db: Knex
  processes: Processes
  config: AppConfig
  files: FileStore
  log: Logger
  live: Live
  /** Absent where the installation has none: then nobody signs in. */
  identityProvider?: IdentityProvider | undefined
}

/** What answers the software of an ente. */
export type SoftwareDeps = Pick<AppDeps, 'db' | 'config'>

/** Today and now go through here, so that a test can move them. */
export function now(config: AppConfig): string {
  return config.clock ? config.clock() : new Date().toISOString()
}
