import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { isAppError } from '../domain/errors.ts'
import { CHASE } from '../domain/payment/chase.ts'
import { appConfig } from './app-config.ts'
import { readConfig } from './config.ts'
import { warnOfExceptions } from './production.ts'

const GOOD = {
  DATABASE_URL: 'postgres://mypay@127.0.0.1:5432/mypay',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  NODO_URL: 'http://127.0.0.1:3003/nodo/NodoPerPa',
  SMTP_URL: 'smtp://127.0.0.1:3004',
}
const OWN_KEYS = {
  SESSION_KEYS: 'a session key of this installation',
  LINK_KEYS: 'a link key of this installation !!',
  TOKEN_KEYS: 'a token key of this installation',
  PRIVACY_KEY: 'a privacy key of this installation',
}
const PRODUCTION = {
  ...GOOD,
  NODE_ENV: 'production',
  ...OWN_KEYS,
  NODO_PASSWORD: 'another-one',
  NODO_PORT_TRUSTS: '10.0.0.1',
  PUBLIC_URL: 'https://pagamenti.example',
  NODO_URL: 'https://nodo.example/NodoPerPa',
}

function faultsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (!isAppError(error, 'CONFIG_INVALID')) throw error
    return error.details['faults'] as string[]
  }
}

it('four addresses are enough in development', () => {
  expect(readConfig(GOOD)).toMatchObject({ PORT: 3000, isProduction: false })
})

it('all faults are listed at once, each with the name of its variable', () => {
  const faults = faultsOf({
    DATABASE_URL: 'nowhere',
    PORT: '70000',
    SMTP_URL: 'http://x',
    SESSION_KEYS: 'short',
  })
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'NODO_URL', 'SMTP_URL', 'PORT', 'SESSION_KEYS'])
    expect(faults.some((fault) => fault.startsWith(`${name}: `))).toBe(true)
})

it('limits for strangers have defaults that can be changed but not switched off', () => {
  expect(appConfig(readConfig(GOOD))).toMatchObject({
    limits: { linkPerMailbox: 3, missPerClientAndNumber: 10 },
    noticeLimits: { mailbox: 10, person: 10, network: 60 },
  })
  const set = appConfig(readConfig({ ...GOOD, LIMIT_NOTICES_PER_CLIENT: '500', LIMIT_MISSES_OF_ALL: '7' }))
  expect(set).toMatchObject({ limits: { missPerNumber: 7 }, noticeLimits: { mailbox: 10, network: 500 } })
  expect(faultsOf({ ...GOOD, LIMIT_LINKS_PER_MAILBOX: '0' }).join()).toContain('LIMIT_LINKS_PER_MAILBOX')
})

it('the address of the maintainer is optional, and must be a valid one', () => {
  expect(readConfig({ ...GOOD, MAINTAINER_EMAIL: '' }).MAINTAINER_EMAIL).toBeUndefined()
  expect(faultsOf({ ...GOOD, MAINTAINER_EMAIL: 'nobody' }).join()).toContain('MAINTAINER_EMAIL')
})

it('production with its own secrets and a trusted proxy starts', () => {
  expect(faultsOf(PRODUCTION)).toEqual([])
})

it.each([
  ['SESSION_KEYS', { SESSION_KEYS: '' }],
  ['LINK_KEYS', { LINK_KEYS: '' }],
  ['TOKEN_KEYS', { TOKEN_KEYS: '' }],
  ['PRIVACY_KEY', { PRIVACY_KEY: '' }],
  ['NODO_PASSWORD', { NODO_PASSWORD: '' }],
  ['NODO_TLS_CERT', { NODO_PORT_TRUSTS: '' }],
  ['PATIENCE', { PATIENCE: '{}' }],
])('production refuses a default or a test setting: %s', (name, change) => {
  expect(faultsOf({ ...PRODUCTION, ...change }).join()).toContain(name)
})

it.each(Object.keys(OWN_KEYS) as (keyof typeof OWN_KEYS)[])('a weak key is refused: %s', (name) => {
  const [short, plain] = ['31 characters are one too few !', 'abcdefg'.repeat(6)]
  expect(faultsOf({ ...GOOD, [name]: short })).toEqual([expect.stringMatching(`^${name}: .*32 characters`)])
  expect(faultsOf({ ...GOOD, [name]: plain })).toEqual([expect.stringMatching(`^${name}: .*8 different`)])
})

it('each key of a list is checked, also those that only verify', () => {
  const old = 'the link key of last year that verifies'
  const { LINK_KEYS } = readConfig({ ...PRODUCTION, LINK_KEYS: `${OWN_KEYS.LINK_KEYS}, ${old}` })
  expect(LINK_KEYS).toEqual([OWN_KEYS.LINK_KEYS, old])
  expect(faultsOf({ ...PRODUCTION, LINK_KEYS: `${OWN_KEYS.LINK_KEYS},short` }).join()).toContain('LINK_KEYS')
  const { LINK_KEYS: development } = readConfig(GOOD)
  expect(faultsOf({ ...PRODUCTION, LINK_KEYS: `${old},${development[0]}` }).join()).toContain('LINK_KEYS')
})

it('no two purposes sign with the same key, but they may share one that only verifies', () => {
  const { LINK_KEYS: link, TOKEN_KEYS: token } = OWN_KEYS
  expect(faultsOf({ ...PRODUCTION, TOKEN_KEYS: link })).toEqual([
    expect.stringContaining('TOKEN_KEYS: begins with the key of LINK_KEYS'),
  ])
  const old = 'the one key of all purposes before this'
  expect(faultsOf({ ...PRODUCTION, TOKEN_KEYS: `${token},${old}`, LINK_KEYS: `${link},${old}` })).toEqual([])
})

it('PATIENCE changes single waits and keeps the others', () => {
  const { patience, sweep } = readConfig({
    ...GOOD,
    PATIENCE: '{"chase":{"daily":5},"sweep":{"everyMs":7}}',
  })
  expect(patience.chase).toEqual({ ...CHASE, daily: 5 })
  expect(sweep.everyMs).toBe(7)
})

it('production refuses the secret of the development identity provider, and a provider without TLS', () => {
  const issuer = {
    ...PRODUCTION,
    OIDC_ISSUER: 'https://idp.example',
    OIDC_CLIENT_SECRET: 'another secret of ours',
  }
  expect(faultsOf(issuer)).toEqual([])
  expect(faultsOf({ ...PRODUCTION, OIDC_ISSUER: 'https://idp.example' })).toEqual([
    expect.stringMatching(/^OIDC_CLIENT_SECRET: the development secret is refused in production/),
  ])
  expect(faultsOf({ ...issuer, OIDC_ISSUER: 'http://idp.example' })).toEqual([
    'OIDC_ISSUER: must be https in production',
  ])
})

it('OIDC_CLAIMS replaces single claim names of SPID, and anything but JSON is a fault', () => {
  expect(readConfig({ ...GOOD, OIDC_CLAIMS: '{"codiceFiscale":"cf"}' }).OIDC_CLAIMS).toMatchObject({
    codiceFiscale: 'cf',
    name: 'given_name',
  })
  expect(faultsOf({ ...GOOD, OIDC_CLAIMS: 'cf' })[0]).toContain('OIDC_CLAIMS: must be JSON')
  expect(faultsOf({ ...GOOD, OIDC_CLAIMS: '{"fiscale":"cf"}' })[0]).toContain('OIDC_CLAIMS')
})

it('limits of files have the defaults of the field, can be changed, and cannot be zero', () => {
  expect(readConfig(GOOD)).toMatchObject({ UPLOAD_ZIP_MB: 256, UPLOAD_RATIO: 100, UPLOAD_LINE_KB: 64 })
  const { upload } = appConfig(readConfig({ ...GOOD, UPLOAD_ZIP_MB: '3', UPLOAD_ENTRIES: '1' }))
  expect(upload).toEqual({ zipBytes: 3 * 1024 ** 2, csvBytes: 2 * 1024 ** 3, ratio: 100, entries: 1 })
  expect(appConfig(readConfig(GOOD)).uploadRefusedStatus).toBe(403)
  expect(appConfig(readConfig({ ...GOOD, UPLOAD_REFUSED_STATUS: '200' })).uploadRefusedStatus).toBe(200)
  expect(faultsOf({ ...GOOD, UPLOAD_CSV_MB: '0', UPLOAD_LINE_KB: '5000' })).toHaveLength(2)
})

it('sign-in levels and session hours have the defaults of the rules and can be changed', () => {
  const rules = { staffLevel: 2, citizenLevel: 1, staffHours: 12, citizenHours: 24 }
  expect(appConfig(readConfig(GOOD)).signIn).toEqual(rules)
  const given = { CITIZEN_LEVEL: '2', STAFF_SESSION_HOURS: '8', OIDC_LEVELS: 'low, high' }
  expect(appConfig(readConfig({ ...GOOD, ...given })).signIn).toEqual({
    ...rules,
    citizenLevel: 2,
    staffHours: 8,
  })
  expect(readConfig({ ...GOOD, ...given }).OIDC_LEVELS).toEqual(['low', 'high'])
  expect(faultsOf({ ...GOOD, STAFF_LEVEL: '4', CITIZEN_SESSION_HOURS: '0' })).toHaveLength(2)
})

describe('production refuses what others could read', () => {
  const insecure: [string, string, Record<string, string>][] = [
    ['tls_unverified', 'NODE_TLS_REJECT_UNAUTHORIZED', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
    ['public_http', 'PUBLIC_URL', { PUBLIC_URL: 'http://pagamenti.example' }],
    ['nodo_http', 'NODO_URL', { NODO_URL: 'http://10.0.0.2/NodoPerPa' }],
    ['smtp_plain', 'SMTP_URL', { SMTP_URL: 'smtp://mail.example' }],
    ['smtp_plain', 'SMTP_URL', { SMTP_URL: 'smtps://mail.example?tls.rejectUnauthorized=false' }],
    ['database_plain', 'DATABASE_URL', { DATABASE_URL: 'postgres://mypay@db.example/mypay' }],
    ['database_plain', 'DATABASE_URL', { DATABASE_URL: 'postgres://mypay@localhost/mypay?host=db.example' }],
    ['database_plain', 'DATABASE_URL', { DATABASE_URL: 'postgres://mypay@db.example/m?sslmode=no-verify' }],
    ['temporal_plain', 'TEMPORAL_ADDRESS', { TEMPORAL_ADDRESS: 'temporal.example:7233' }],
    ['staff_level_1', 'STAFF_LEVEL', { STAFF_LEVEL: '1' }],
  ]

  it.each(insecure)('%s, unless it is named: %s %j', (exception, variable, change) => {
    const env = { ...PRODUCTION, ...change }
    expect(faultsOf(env)).toEqual([
      expect.stringMatching(new RegExp(`^${variable}: .*\\(or name ${exception} in ACCEPT_INSECURE\\)$`)),
    ])
    expect(faultsOf({ ...env, ACCEPT_INSECURE: `database_superuser, ${exception}` })).toEqual([])
    const others = new Set(insecure.map(([name]) => name).filter((name) => name !== exception))
    expect(faultsOf({ ...env, ACCEPT_INSECURE: [...others].join() })).toHaveLength(1)
    expect(faultsOf({ ...env, NODE_ENV: 'development' })).toEqual([])
  })

  it.each([
    { SMTP_URL: 'smtps://mail.example' },
    { SMTP_URL: 'smtp://mail.example:587?requireTLS=true' },
    { SMTP_URL: 'smtp://localhost:25' },
    { DATABASE_URL: 'postgres://mypay@db.example/mypay?sslmode=verify-full' },
    { DATABASE_URL: 'postgres:///mypay?host=/var/run/postgresql' },
    { DATABASE_URL: 'postgres://mypay@[::1]/mypay' },
    { TEMPORAL_ADDRESS: 'localhost:7233' },
    { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_TLS_CA: '/etc/temporal-ca.pem' },
  ])('and starts where nobody else can read them: %j', (change) => {
    expect(faultsOf({ ...PRODUCTION, ...change })).toEqual([])
  })

  it('an unknown exception is a fault that lists the known ones', () => {
    expect(faultsOf({ ...PRODUCTION, ACCEPT_INSECURE: 'smtp-plain' })).toEqual([
      expect.stringMatching(/^ACCEPT_INSECURE: .*smtp_plain/),
    ])
  })

  it('each accepted exception is logged as a warning at each start', () => {
    const lines: string[] = []
    const log = pino({}, { write: (line: string) => void lines.push(line) })
    const { ACCEPT_INSECURE } = readConfig({ ...PRODUCTION, ACCEPT_INSECURE: 'smtp_plain,nodo_http' })
    warnOfExceptions(ACCEPT_INSECURE, log)
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 40, exception: 'smtp_plain' }),
      expect.objectContaining({ level: 40, exception: 'nodo_http' }),
    ])
  })
})

it('production refuses a LIMIT_FACTOR other than 1, and no exception allows it', () => {
  for (const LIMIT_FACTOR of ['2', '0.5', '1000'])
    expect(faultsOf({ ...PRODUCTION, LIMIT_FACTOR })).toEqual([expect.stringMatching(/^LIMIT_FACTOR: /)])
  expect(faultsOf({ ...PRODUCTION, LIMIT_FACTOR: '1' })).toEqual([])
})

it('unreadable values and values that production refuses are listed together, each variable once', () => {
  const faults = faultsOf({
    ...PRODUCTION,
    PORT: 'three',
    LINK_KEYS: 'a key too short',
    DATABASE_URL: '',
    PUBLIC_URL: 'http://pagamenti.example',
    LIMIT_FACTOR: '5',
    PATIENCE: '{}',
  })
  const names = ['DATABASE_URL', 'LIMIT_FACTOR', 'LINK_KEYS', 'PATIENCE', 'PORT', 'PUBLIC_URL']
  expect(faults).toHaveLength(names.length)
  for (const name of names) expect(faults.some((fault) => fault.startsWith(`${name}: `))).toBe(true)
})

it('production that ends TLS itself must name the subjects of the node’s certificate', () => {
  const tls = { NODO_TLS_CERT: 'a.pem', NODO_TLS_KEY: 'a.key', NODO_TLS_CLIENT_CA: 'ca.pem' }
  expect(faultsOf({ ...PRODUCTION, ...tls })).toEqual([expect.stringMatching(/^NODO_TLS_CLIENT_SUBJECTS: /)])
  const subject = 'CN=api.example, O=Example S.p.A., Roma; CN=new.example'
  expect(
    readConfig({ ...PRODUCTION, ...tls, NODO_TLS_CLIENT_SUBJECTS: subject }).NODO_TLS_CLIENT_SUBJECTS,
  ).toEqual([{ CN: 'api.example', O: 'Example S.p.A., Roma' }, { CN: 'new.example' }])
  expect(faultsOf({ ...GOOD, NODO_TLS_CLIENT_SUBJECTS: 'api.example' })[0]).toContain('CN=name')
})

it('a client certificate for Temporal needs its key', () => {
  expect(faultsOf({ ...GOOD, TEMPORAL_TLS_CERT: 'a.pem' })).toEqual([
    'TEMPORAL_TLS_CERT: set TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY, or none of them',
  ])
})
