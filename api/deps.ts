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
import type { Owner } from './page/owner.ts'
import type { LimitPoints } from './middleware/limits.ts'

/** Each purpose has its own keys, so that a stolen key is useless for the other purposes. */
export interface Keys {
  session: KeyRing
  link: KeyRing
  token: KeyRing
  /**
   * The key for hashes of network addresses, mailboxes and fiscal codes: in limits, in the register of accesses and in the makers of dues.
   * After a change of this key all limits start again, the register of accesses cannot be searched for a person before the change, and
   * people lose access to the notices that they made without signing in.
   */
  privacy: string
}

export interface AppConfig {
  /** The address that browsers use, such as https://mypay.example; links in mails start with it. */
  publicUrl: string
  /** Hosts (with port) whose pages a citizen may be sent to for paying. */
  nodeHosts: readonly string[]
  /** Origin of the identity provider, where the browser is redirected at sign-out. */
  oidcOrigin?: string | undefined
  keys: Keys
  signIn: SignInRules
  isProduction: boolean
  /** True for a test installation: pages and documents state that nothing is real. */
  isTest: boolean
  trustedProxies: readonly string[]
  linkMinutes: number
  /** Mail address of the help desk. */
  helpDesk?: string | undefined
  /** The public body that header and footer name. */
  owner?: Owner
  /** Mail address that gets a mail about each change made by an administrator of an ente. */
  maintainer?: string | undefined
  /** Multiplies the rate limits, because load and fault runs come from one address; 1 when absent. */
  limitFactor?: number | undefined
  /** Points of the rate limits; the usual ones when absent. */
  limits?: LimitPoints
  /** Unpaid notices that citizens may prepare in an hour; the usual ones when absent. */
  noticeLimits?: NoticeLimits
  /** Address of the Temporal UI, for support. */
  temporalUi?: string | undefined
  /** The size limits of a file of dues. */
  upload: UploadLimits
  /** HTTP status of a refused upload by software; 403 when absent. */
  uploadRefusedStatus?: 200 | 403 | undefined
  /** The present as an ISO instant; the system clock when absent. */
  clock?: () => string
}

export interface AppDeps {
  db: Knex
  processes: Processes
  config: AppConfig
  files: FileStore
  log: Logger
  live: Live
  /** Absent when the installation has no identity provider; then nobody can sign in. */
  identityProvider?: IdentityProvider | undefined
}

/** What the web service for the software of enti needs. */
export type SoftwareDeps = Pick<AppDeps, 'db' | 'config'>

/** The present as an ISO instant. All code of api/ takes it from here, so that tests can change it. */
export function now(config: AppConfig): string {
  return config.clock ? config.clock() : new Date().toISOString()
}
