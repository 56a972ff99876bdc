import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { MockActivityEnvironment } from '@temporalio/testing'
import readExcelFile from 'read-excel-file/node'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createExportFlowActivities } from '../../activities/export-flow/index.ts'
import { bookDuesSheet, type BookedSearch } from '../../db/export/dues-sheet.ts'
import { findExport } from '../../db/export/export.ts'
import { exportFile } from '../../services/file-store.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const KEPT = 'LUCE_VOTIVA'
const LOST = 'MENSA_SCOLASTICA'
const DUES = `/operatore/${CODE}/dovuti`
const EXPORTS = `/operatore/${CODE}/esportazioni`
/** What the booked search looks for in the causale. */
const WORD = 'foglietto'

let site: Site
let enteId: string
let operatorId: string
let paolo: Visitor
let sara: Visitor

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  enteId = await idOf('ente', { cod_ipa: CODE })
  operatorId = await idOf('operator', { codice_fiscale: PAOLO.codiceFiscale })
  sara = await signInAs(site.db, site.visitor(), SARA)
  const values = () => ({ causale: WORD })
  await newDues(site.db, [820_001], { code: KEPT, values })
  await newDues(site.db, [820_002], { code: LOST, values })
})
afterAll(() => site.close())
beforeEach(async () => {
  await site.db('email').where({ kind: 'export' }).delete()
  await site.db('export').where({ kind: 'dues' }).delete()
  await site.db.raw(
    `insert into operator_due_type (operator_id, ente_id, ente_due_type_id)
     select ?, ente_id, id from ente_due_type where ente_id = ? and code = any (?) on conflict do nothing`,
    [operatorId, enteId, [KEPT, LOST]],
  )
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
})

async function idOf(table: string, where: Record<string, string>): Promise<string> {
  return ((await site.db(table).first('id').where(where)) as { id: string }).id
}

const FOUND = { tab: 'open', causale: WORD } as unknown as BookedSearch['filter']

const book = (filter = FOUND): Promise<string> =>
  bookDuesSheet(site.db, { enteId, operatorId, search: { filter, order: 'newest' } })

const activities = () => createExportFlowActivities({ db: site.db, files: site.files, mailHost: 'localhost' })

const write = (exportId: string): Promise<unknown> =>
  new MockActivityEnvironment().run(activities().writeExport, { exportId })

/** The IUDs in the file of an export. */
async function iudsOf(exportId: string): Promise<unknown[]> {
  const [sheet] = await readExcelFile(readFileSync(site.files.path(exportFile(exportId))))
  return sheet!.data.slice(1).map(([iud]) => iud)
}

const loseType = (): Promise<unknown> =>
  site
    .db('operator_due_type')
    .where({ operator_id: operatorId })
    .whereIn('ente_due_type_id', site.db('ente_due_type').select('id').where({ ente_id: enteId, code: LOST }))
    .delete()

const linkTo = (id: string): string => `${EXPORTS}/${id}.xlsx`

it('a second click books nothing, until the file is written', async () => {
  const [first, second] = await Promise.all([book(), book()])
  expect(second).toBe(first)
  expect(await book({ ...FOUND, causale: 'altro' })).not.toBe(first)
  await write(first)
  expect(await book()).not.toBe(first)
})

it('two people who look for the same have a file each', async () => {
  const mine = await book()
  const hers = await bookDuesSheet(site.db, {
    enteId,
    operatorId: await idOf('operator', { codice_fiscale: SARA.codiceFiscale }),
    search: { filter: FOUND, order: 'newest' },
  })
  expect(hers).not.toBe(mine)
})

it('a type taken away before the file is written is not in it', async () => {
  const id = await book()
  await loseType()
  await write(id)
  expect(await iudsOf(id)).toEqual(['NUOVO-820001'])
  expect((await paolo.download(linkTo(id))).status).toBe(200)
})

it('a type taken away after it was written closes the file, and its administrator still opens it', async () => {
  const id = await book()
  await write(id)
  expect(await iudsOf(id)).toEqual(['NUOVO-820002', 'NUOVO-820001'])
  expect((await paolo.download(linkTo(id))).status).toBe(200)
  await loseType()
  expect((await paolo.download(linkTo(id))).status).toBe(404)
  expect((await paolo.get(EXPORTS)).html).not.toContain(id)
  expect((await sara.download(linkTo(id))).status).toBe(200)
})

it('a writer that dies leaves nothing that can be opened, and the next one writes the file', async () => {
  const id = await book()
  const path = await site.files.prepare(exportFile(id))
  writeFileSync(`${path}.elsewhere-1-1.part`, 'half')
  await site.db('export').where({ id }).update({ state: 'running' })
  expect((await paolo.download(linkTo(id))).status).toBe(404)
  await write(id)
  expect(existsSync(`${path}.elsewhere-1-1.part`)).toBe(false)
  expect(await iudsOf(id)).toHaveLength(2)
})

it('written twice at once, or again after its end, it is one file and one mail', async () => {
  const id = await book()
  await Promise.all([write(id), write(id)])
  await write(id)
  expect(await findExport(site.db, id)).toMatchObject({ state: 'ready', rows: 2 })
  expect(await iudsOf(id)).toHaveLength(2)
  expect(await site.db('email').where({ export_id: id })).toHaveLength(1)
})

it('a failure removes the search too', async () => {
  const id = await book()
  await new MockActivityEnvironment().run(activities().giveUpExport, { exportId: id, code: 'INTERNAL' })
  expect(await site.db('export').first('state', 'search').where({ id })).toEqual({
    state: 'failed',
    search: null,
  })
})

it('more than 10,000 dues get no workbook: the page says so beside the CSV, before and after they were booked', async () => {
  const id = await book({ ...FOUND, causale: 'moltitudine' })
  await site.db.raw(
    `insert into due (ente_id, ente_due_type_id, iud, iuv, importo_cents, causale, pagatore_codice, pagatore)
     select t.ente_id, t.id, 'M-' || n, '23' || lpad(n::text, 15, '0'), 100, 'moltitudine', 'X', '{"anagrafica": "X"}'
     from generate_series(1, 10001) n, ente_due_type t where t.ente_id = ? and t.code = ?`,
    [enteId, KEPT],
  )
  await expect(write(id)).rejects.toThrow('TOO_MANY_ROWS')
  await new MockActivityEnvironment().run(activities().giveUpExport, { exportId: id, code: 'TOO_MANY_ROWS' })
  expect(textOf(await paolo.get(EXPORTS))).toContain('i dovuti trovati sono diventati più di 10.000')
  const few = await paolo.get(`${DUES}?causale=${WORD}`)
  const page = await paolo.get(`${DUES}?causale=moltitudine`)
  expect(page.html).not.toContain('/foglio"')
  expect(textOf(page)).toContain('Un foglio Excel ha al massimo 10.000 dovuti: qui sono di più.')
  const forged = await paolo.submit(few, '/foglio', { ricerca: 'causale=moltitudine' })
  expect(forged.status).toBe(303)
  expect(await site.db('export').where({ kind: 'dues', state: 'queued' })).toEqual([])
  // One less fits.
  await site.db('due').where({ iud: 'M-1' }).delete()
  const all = await book({ ...FOUND, causale: 'moltitudine' })
  await write(all)
  expect(await iudsOf(all)).toHaveLength(10_000)
})
