import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDb } from '../../db/ground/connection.ts'
import { grantUse, isSuperuser } from '../../db/ground/role.ts'
import { startSite, withCart } from '../setup/citizen-site.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { waitUntil } from '../setup/wait.ts'

const ROLE = `mypay_app_${randomUUID().slice(0, 8)}`
const folder = mkdtempSync(join(tmpdir(), 'mypay-role-'))
let owner: TestDatabase
let roleUrl = ''

const asRole = (url: string): string =>
  Object.assign(new URL(url), { username: ROLE, password: 'of the tests' }).href

beforeAll(async () => {
  owner = await testDatabase()
  await owner.db.raw(`create role ${ROLE} login password 'of the tests'`)
  await grantUse(owner.db, ROLE)
  roleUrl = asRole(owner.url)
})
afterAll(async () => {
  await owner.db.raw(`drop owned by ${ROLE}`)
  await owner.db.raw(`drop role ${ROLE}`)
  await owner.drop()
  rmSync(folder, { recursive: true, force: true })
})

it('the role of the processes is distinguished from a superuser', async () => {
  const db = createDb({ url: roleUrl, pool: 1, name: 'role' })
  expect(await isSuperuser(owner.db)).toBe(true)
  expect(await isSuperuser(db)).toBe(false)
  await db.destroy()
})

it('the role may use every table and sequence, but not alter them nor write the list of migrations', async () => {
  const { rows } = await owner.db.raw<{ rows: { name: string; can: boolean }[] }>(
    `select c.relname as name, case when c.relkind = 'S' then has_sequence_privilege(?, c.oid, 'usage')
       else has_table_privilege(?, c.oid, 'select') and (c.relkind <> 'r' or c.relname like 'knex%'
         or (has_table_privilege(?, c.oid, 'insert') and has_table_privilege(?, c.oid, 'update')
           and has_table_privilege(?, c.oid, 'delete'))) end as can
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'S', 'm', 'p')`,
    [ROLE, ROLE, ROLE, ROLE, ROLE],
  )
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter(({ can }) => !can)).toEqual([])
  const db = createDb({ url: roleUrl, pool: 1, name: 'role' })
  for (const sql of [
    'create table intruder (id int)',
    'alter table cart add column intruder int',
    'drop table cart',
    'truncate cart',
    `insert into knex_migrations (name) values ('intruder')`,
    'create role intruder superuser',
  ])
    await expect(db.raw(sql)).rejects.toMatchObject({ code: '42501' })
  await db.destroy()
})

it('a citizen fills a cart with this role', async () => {
  const site = await startSite({}, (url) => createDb({ url: asRole(url), pool: 4, name: 'role' }))
  await grantUse(site.db, ROLE)
  expect((await (await withCart(site)).get('/carrello')).status).toBe(200)
  await site.close()
})

const PRODUCTION = {
  NODE_ENV: 'production',
  SESSION_KEYS: 'a session key of this installation',
  LINK_KEYS: 'a link key of this installation !!',
  TOKEN_KEYS: 'a token key of this installation',
  PRIVACY_KEY: 'a privacy key of this installation',
  NODO_PASSWORD: 'another-one',
  NODO_PORT_TRUSTS: '127.0.0.1',
  PUBLIC_URL: 'https://pagamenti.example',
  NODO_URL: 'https://nodo.example/NodoPerPa',
  SMTP_URL: 'smtp://127.0.0.1:9',
  TEMPORAL_ADDRESS: '127.0.0.1:9',
  PORT: '0',
  NODO_PORT: '0',
  ADMIN_PORT: '0',
  DATA_DIR: folder,
}

/** Starts an api process; returns its exit code and its output until it is ready or ends. */
async function startApi(given: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const env = { PATH: process.env['PATH'], ...PRODUCTION, ...given }
  const child = execFile(process.execPath, ['dist/workers/api.js'], { env })
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (part) => (said += String(part)))
  await waitUntil(async () => child.exitCode !== null || said.includes('api ready'), 60_000)
  const code = child.exitCode
  if (code === null) {
    child.kill('SIGTERM')
    await waitUntil(async () => child.exitCode !== null || child.signalCode !== null, 25_000)
  }
  return { code, said }
}

it(
  'production refuses a superuser and says what to do, unless it is named',
  { timeout: 200_000 },
  async () => {
    const refused = await startApi({ DATABASE_URL: owner.url })
    expect(refused.code).toBe(1)
    expect(refused.said).toMatch(
      /DATABASE_URL: .*superuser.*DATABASE_ROLE.*database_superuser in ACCEPT_INSECURE/,
    )
    expect(refused.said).not.toContain('api ready')
    const accepted = await startApi({ DATABASE_URL: owner.url, ACCEPT_INSECURE: 'database_superuser' })
    expect(accepted.code).toBeNull()
    expect(accepted.said).toMatch(/"level":40.*"exception":"database_superuser"/)
    expect((await startApi({ DATABASE_URL: roleUrl })).code).toBeNull()
  },
)
