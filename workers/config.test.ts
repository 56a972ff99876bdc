import { expect, it } from 'vitest'
import { isAppError } from '../domain/errors.ts'
import { CHASE } from '../domain/payment/chase.ts'
import { appConfig } from './app-config.ts'
import { readConfig } from './config.ts'

const GOOD = {
  DATABASE_URL: 'postgres://mypay@127.0.0.1:5432/mypay',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  NODO_URL: 'http://127.0.0.1:3003/nodo/NodoPerPa',
  SMTP_URL: 'smtp://127.0.0.1:3004',
}
const PRODUCTION = {
  ...GOOD,
  NODE_ENV: 'production',
  SESSION_SECRET: 'a secret of this installation, long enough',
  NODO_PASSWORD: 'another-one',
  NODO_PORT_TRUSTS: '10.0.0.1',
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

it('every fault is listed at once, by the name of its variable', () => {
  const faults = faultsOf({
    DATABASE_URL: 'nowhere',
    PORT: '70000',
    SMTP_URL: 'http://x',
    SESSION_SECRET: 'short',
  })
  for (const name of ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'NODO_URL', 'SMTP_URL', 'PORT', 'SESSION_SECRET'])
    expect(faults.some((fault) => fault.startsWith(`${name}: `))).toBe(true)
})

it('the address of the maintainer is optional, and must be one', () => {
  expect(readConfig({ ...GOOD, MAINTAINER_EMAIL: '' }).MAINTAINER_EMAIL).toBeUndefined()
  expect(faultsOf({ ...GOOD, MAINTAINER_EMAIL: 'nobody' }).join()).toContain('MAINTAINER_EMAIL')
})

it('production with its own secrets and a trusted proxy starts', () => {
  expect(faultsOf(PRODUCTION)).toEqual([])
})

it.each([
  ['SESSION_SECRET', { SESSION_SECRET: '' }],
  ['NODO_PASSWORD', { NODO_PASSWORD: '' }],
  ['NODO_TLS_CERT', { NODO_PORT_TRUSTS: '' }],
  ['PATIENCE', { PATIENCE: '{}' }],
])('production refuses a default or a test setting: %s', (name, change) => {
  expect(faultsOf({ ...PRODUCTION, ...change }).join()).toContain(name)
})

it('a test shortens single waits and keeps the others', () => {
  const { patience, sweep } = readConfig({
    ...GOOD,
    PATIENCE: '{"chase":{"daily":5},"sweep":{"everyMs":7}}',
  })
  expect(patience.chase).toEqual({ ...CHASE, daily: 5 })
  expect(sweep.everyMs).toBe(7)
})

it('the identity provider of development signs nobody in in production, nor does one without TLS', () => {
  const issuer = {
    ...PRODUCTION,
    OIDC_ISSUER: 'https://idp.example',
    OIDC_CLIENT_SECRET: 'another secret of ours',
  }
  expect(faultsOf(issuer)).toEqual([])
  expect(faultsOf({ ...PRODUCTION, OIDC_ISSUER: 'https://idp.example' })).toEqual([
    'OIDC_CLIENT_SECRET: the development secret is refused in production',
  ])
  expect(faultsOf({ ...issuer, OIDC_ISSUER: 'http://idp.example' })).toEqual([
    'OIDC_ISSUER: must be https in production',
  ])
})

it('claims of another provider take the place of those of SPID, and what is no JSON is told', () => {
  expect(readConfig({ ...GOOD, OIDC_CLAIMS: '{"codiceFiscale":"cf"}' }).OIDC_CLAIMS).toMatchObject({
    codiceFiscale: 'cf',
    name: 'given_name',
  })
  expect(faultsOf({ ...GOOD, OIDC_CLAIMS: 'cf' })[0]).toContain('OIDC_CLAIMS: must be JSON')
  expect(faultsOf({ ...GOOD, OIDC_CLAIMS: '{"fiscale":"cf"}' })[0]).toContain('OIDC_CLAIMS')
})

it('limits of files are those of the field unless they are given, and none is nothing', () => {
  expect(readConfig(GOOD)).toMatchObject({ UPLOAD_ZIP_MB: 256, UPLOAD_RATIO: 100, UPLOAD_LINE_KB: 64 })
  const { upload } = appConfig(readConfig({ ...GOOD, UPLOAD_ZIP_MB: '3', UPLOAD_ENTRIES: '1' }))
  expect(upload).toEqual({ zipBytes: 3 * 1024 ** 2, csvBytes: 2 * 1024 ** 3, ratio: 100, entries: 1 })
  expect(appConfig(readConfig(GOOD)).uploadRefusedStatus).toBe(403)
  expect(appConfig(readConfig({ ...GOOD, UPLOAD_REFUSED_STATUS: '200' })).uploadRefusedStatus).toBe(200)
  expect(faultsOf({ ...GOOD, UPLOAD_CSV_MB: '0', UPLOAD_LINE_KB: '5000' })).toHaveLength(2)
})
