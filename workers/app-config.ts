import type { AppConfig } from '../api/deps.ts'
import type { Config } from './config.ts'
import { MB } from './variables/files.ts'
import { limitsOf } from './limits.ts'

/** The part of the configuration that pages use, with sizes in bytes. */
export const appConfig = (config: Config): AppConfig => ({
  publicUrl: config.PUBLIC_URL,
  nodeHosts: [new URL(config.NODO_URL).host, ...config.NODO_PAGE_HOSTS],
  keys: {
    session: config.SESSION_KEYS,
    link: config.LINK_KEYS,
    token: config.TOKEN_KEYS,
    privacy: config.PRIVACY_KEY,
  },
  signIn: {
    staffLevel: config.STAFF_LEVEL,
    citizenLevel: config.CITIZEN_LEVEL,
    staffHours: config.STAFF_SESSION_HOURS,
    citizenHours: config.CITIZEN_SESSION_HOURS,
  },
  isProduction: config.isProduction,
  isTest: !config.isProduction,
  trustedProxies: config.TRUSTED_PROXIES,
  linkMinutes: config.LINK_MINUTES,
  helpDesk: config.HELP_DESK,
  owner: {
    name: config.OWNER_NAME,
    address: config.OWNER_ADDRESS,
    pec: config.OWNER_PEC,
    phone: config.OWNER_PHONE,
    mediaPolicy: config.OWNER_MEDIA_POLICY,
    logoFile: config.OWNER_LOGO,
    pagopaLogoFile: config.PAGOPA_LOGO,
  },
  maintainer: config.MAINTAINER_EMAIL,
  limitFactor: config.LIMIT_FACTOR,
  ...limitsOf(config),
  upload: {
    zipBytes: config.UPLOAD_ZIP_MB * MB,
    csvBytes: config.UPLOAD_CSV_MB * MB,
    ratio: config.UPLOAD_RATIO,
    entries: config.UPLOAD_ENTRIES,
  },
  uploadRefusedStatus: config.UPLOAD_REFUSED_STATUS,
  temporalUi: config.TEMPORAL_UI,
  oidcOrigin: config.OIDC_ISSUER === undefined ? undefined : new URL(config.OIDC_ISSUER).origin,
})
