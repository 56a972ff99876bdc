import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Knex } from 'knex'
import { seedDemo } from '../../services/ente/seed-demo.ts'
import { bookExport } from '../../db/export/export.ts'
import { aFlow, aFlowWorld, type FlowWorld } from '../flows/world.ts'
import { PATHS } from '../histories/paths.ts'
import { withOwnServers, type OwnStack } from '../setup/own-servers.ts'
import { waitUntil } from '../setup/wait.ts'
import { catalogOf } from './catalog.ts'
import { readRows, RELEASES } from './release.ts'

/**
 * `node --import tsx test/upgrade/record.ts 0.1.0`: fills a new database with one of everything and stores it as the database
 * of that release. Run it once for each release and never again, because the test proves that the recorded database of each
 * release can be upgraded.
 */
const [name] = process.argv.slice(2)
if (!name) throw new Error('say which release: node --import tsx test/upgrade/record.ts 0.1.0')
const FILES = new URL('../fixtures/flows/', import.meta.url)

await withOwnServers(async (stack) => {
  await seedDemo(stack.db)
  for (const path of Object.keys(PATHS)) {
    stack.node.answers = {}
    await PATHS[path]!(stack)
  }
  const world = await aFlowWorld(stack.db)
  for (const file of ['import/C_Q999-TRIBUTI202501-1_3', 'import-errors/C_Q999-ERRORI202501-1_3'])
    await loadFile(stack, world, file)
  await makeExport(stack, world)
  await fillTheRest(stack.db, world)
  await keep(stack.db, new URL(`${name}/`, RELEASES))
})

async function loadFile({ db, files, processes }: OwnStack, world: FlowWorld, file: string): Promise<void> {
  const csv = readFileSync(new URL(`${file}.csv`, FILES))
  const flowId = await aFlow({ db, files, world }, { base: file.split('/')[1]!, csv })
  await processes.wakeImport({ flowId, enteId: world.enteId })
  await waitUntil(() => db('flow').first('id').where({ id: flowId, state: 'loaded' }))
}

async function makeExport({ db, processes }: OwnStack, { enteId, operatorId }: FlowWorld): Promise<void> {
  const dueOn = '2030-12-31'
  const exportId = await bookExport(db, { kind: 'expired', enteId, operatorId, dueOn, dueTypes: [] })
  await processes.wakeExport({ exportId, enteId })
  await waitUntil(() => db('export').first('id').where({ id: exportId, state: 'ready' }))
}

/** Inserts a row into each table that the steps above leave empty. */
async function fillTheRest(db: Knex, { enteId, operatorId }: FlowWorld): Promise<void> {
  const bytes = (length: number): Buffer => Buffer.alloc(length, 7)
  const { id: dueId } = (await db('due').first('id').where({ spontaneous: true })) as { id: string }
  const { id: flowId } = (await db('flow').first('id')) as { id: string }
  const codice = { codice_fiscale: 'BNCCHR85H52M999M' }
  const until = { expires_at: '2030-12-31T00:00:00Z' }
  const numbers = { domain: '99999900014', segregation_code: '12', generator: 'iuv17' }
  await db('citizen_account').insert({ ...codice, email: 'chiara@example.org' })
  await db('account_code').insert({
    ...codice,
    address: 'c@example.org',
    code_hash: bytes(32),
    salt: bytes(16),
  })
  await db('email_link').insert({ token_hash: bytes(32), address: 'c@example.org', draft: {}, ...until })
  await db('due_maker').insert({
    due_id: dueId,
    account: codice.codice_fiscale,
    mailbox: bytes(32),
    network: bytes(32),
  })
  await db('flow_unchanged').insert({ flow_id: flowId, iud: 'UNCHANGED-1' })
  await db('iuv_range').insert({ ...numbers, first_value: 500, last_value: 600, reason: 'an older system' })
  await db('reported_row').insert({
    flow_id: '2026-03-3199999999999-0001',
    position: 1,
    domain: numbers.domain,
    iuv: '01000000000123468',
    iur: 'IUR1',
    importo_cents: 1050,
    paid_on: '2026-03-31',
  })
  await db('approval').insert({
    kind: 'account',
    ente_id: enteId,
    entity: 'ente',
    entity_id: enteId,
    target: 'iban',
    from_value: JSON.stringify('IT61H9999912345000000000001'),
    to_value: JSON.stringify('IT32I9999954321000000000002'),
    asked_by: operatorId,
    asked_by_name: 'Olga Operatrice',
    due_at: until.expires_at,
  })
}

async function keep(db: Knex, folder: URL): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const migrations = (await db('knex_migrations').orderBy('id').pluck('name')) as string[]
  const rows = await readRows(db)
  writeFileSync(new URL('migrations.txt', folder), `${migrations.join('\n')}\n`)
  writeFileSync(new URL('catalog.txt', folder), await catalogOf(db))
  writeFileSync(new URL('rows.jsonl', folder), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  process.stdout.write(`${rows.length} rows in ${folder.pathname}\n`)
}
