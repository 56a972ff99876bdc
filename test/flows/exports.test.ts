import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { MockActivityEnvironment } from '@temporalio/testing'
import type { Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createExportFlowActivities } from '../../activities/export-flow/index.ts'
import { bookExport, findExport, type NewExport } from '../../db/export/export.ts'
import { exportFile } from '../../services/file-store.ts'
import type { ExportFormat } from '../../domain/export/columns.ts'
import type { Receipt } from '../../domain/payment/receipt.ts'
import { readRt } from '../../domain/wire/rt.ts'
import { PAYER } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { testFiles } from '../setup/files.ts'
import { aFlow, aFlowWorld, loadFlow, unzip, type FlowFixture } from './world.ts'

const fixture = (path: string): string =>
  readFileSync(new URL(`../fixtures/flows/${path}`, import.meta.url), 'utf8')

/** Rows of a sample as lists of fields. Splitting is simple, because the samples have no `;` inside quotes. */
const sampleRows = (path: string): string[][] =>
  fixture(path)
    .trimEnd()
    .split('\n')
    .map((line) => line.slice(1, -1).split('";"'))

const PAID = sampleRows('export/C_Q999-1004_ESTRAZIONE_DOVUTI_20250714060000-1_3.csv')
const SECONDARY = sampleRows('export/P_Q999-1005_ESTRAZIONE_DOVUTI_20250714060000-1_3.csv')
const of = (row: string[], header: string[], name: string): string => row[header.indexOf(name)]!

let database: TestDatabase
let db: Knex
let world: FlowFixture
let secondId: string
/** Operator of the second beneficiary. */
let secondOperatorId: string

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  world = { db, files: testFiles(), world: await aFlowWorld(db) }
  const second = await aFlowWorld(db, { codIpa: 'P_Q999', codiceFiscale: '99999900022' })
  secondId = second.enteId
  secondOperatorId = second.operatorId
  await db('ente').where({ id: secondId }).update({
    name: 'Provincia Immaginaria',
    segregation_code: '13',
    application_code: '13',
    indirizzo: 'Viale della Provincia',
    cap: '99100',
    localita: 'Capoluogo Fittizio',
  })
  for (const name of ['LUCE202501-1_0', 'CUP202501-1_1', 'TRIBUTI202501-1_3', 'MULTI202501-1_4']) {
    const base = `C_Q999-${name}`
    const csv = fixture(`import/${base}.csv`)
    await loadFlow(world, await aFlow(world, { base, csv }))
  }
  const [header, ...rows] = PAID
  for (const row of rows) {
    const document = Buffer.from(of(row, header!, 'rt'), 'base64')
    await pay(of(row, header!, 'codIud'), {
      document,
      position: 1,
      details: readRt(document.toString('utf8')),
    })
  }
  await pay('MB-0001', { ...secondReceipt(), position: 2 })
})
afterAll(() => database.drop())

/** A receipt of the second beneficiary, built from the row of its export, because the sample document is only a placeholder. */
function secondReceipt(): { document: Buffer; details: Receipt } {
  const [header, row] = SECONDARY
  const said = (name: string): string => of(row!, header!, name)
  const nobody = {
    unitCode: null,
    unit: null,
    indirizzo: null,
    civico: null,
    cap: null,
    localita: null,
    provincia: null,
    nazione: null,
  }
  return {
    document: Buffer.from(said('rt'), 'base64'),
    details: {
      domain: '99999900022',
      issuedAt: said('dataOraMessaggioRicevuta'),
      rt: {
        version: null,
        station: said('identificativoStazioneRichiedente'),
        messageId: said('identificativoMessaggioRicevuta'),
        requestMessageId: said('riferimentoMessaggioRichiesta'),
        requestedOn: said('riferimentoDataRichiesta'),
      },
      outcome: 'paid',
      totalCents: 250,
      iuv: said('codIuv'),
      attemptCode: said('codiceContestoPagamento'),
      attesting: { ...nobody, tipo: 'G', codice: 'ABI99999', name: said('denominazioneAttestante') },
      beneficiary: { ...nobody, tipo: 'G', codice: '99999900022', name: 'x' },
      versante: null,
      pagatore: { ...nobody, tipo: 'F', codice: PAYER.codice, name: 'Bianchi Chiara', email: null },
      items: [
        {
          cents: 250,
          outcomeText: '0',
          outcomeOn: said('dataEsitoSingoloPagamento'),
          iur: said('identificativoUnivocoRiscoss'),
          causale: 'x',
          datiSpecificiRiscossione: 'x',
          feeCents: 150,
          attachment: null,
        },
      ],
    },
  }
}

/** Pays a due: inserts its RPT, receipt and settlement. */
async function pay(
  iud: string,
  { document, details, position }: { document: Buffer; details: Receipt; position: 1 | 2 },
): Promise<void> {
  const [share] = await db('due_share as s')
    .join('due as d', 'd.id', 's.due_id')
    .select('s.id', 's.importo_cents', 'd.id as due_id')
    .where({ 'd.iud': iud, 's.position': position })
  const [cart] = await db('cart')
    .insert({
      versante: JSON.stringify(PAYER),
      carrello_id: randomUUID().replaceAll('-', ''),
      state: 'paid',
      begun_at: db.fn.now(),
      expires_at: db.fn.now(),
    })
    .returning('id')
  const attempt = {
    cart_id: cart.id,
    position: 1,
    domain: details.domain,
    iuv: details.iuv,
    attempt_code: details.attemptCode,
    state: 'paid',
    total_cents: details.totalCents,
  }
  const [{ id: attemptId }] = await db('attempt').insert(attempt).returning('id')
  await db('attempt_item').insert({
    attempt_id: attemptId,
    position: 1,
    share_id: share.id,
    due_id: share.due_id,
    importo_cents: share.importo_cents,
    causale: 'x',
    dati_specifici_riscossione: 'x',
  })
  const [{ id: receiptId }] = await db('receipt')
    .insert({
      domain: details.domain,
      iuv: details.iuv,
      attempt_code: details.attemptCode,
      sha256: createHash('sha256').update(document).update(details.iuv).digest(),
      document,
      details: JSON.stringify(details),
      attempt_id: attemptId,
      cart_id: cart.id,
      outcome: 'paid',
      total_cents: details.totalCents,
      source: 'push',
      answer: 'accepted',
      settling: true,
    })
    .returning('id')
  const { id, due_id, importo_cents } = share
  await db('settlement').insert({ share_id: id, due_id, receipt_id: receiptId, importo_cents })
}

interface Written {
  rows: number
  name: string
  text: string
}

async function write(given: NewExport, number: number): Promise<Written> {
  await db.raw(`alter table export alter column number restart with ${number}`)
  const id = await bookExport(db, given)
  await db('export').where({ id }).update({ created_at: '2025-07-14T04:00:00Z' })
  const { writeExport } = createExportFlowActivities({ db, files: world.files, mailHost: 'localhost' })
  await new MockActivityEnvironment().run(writeExport, { exportId: id })
  const booked = (await findExport(db, id))!
  expect(booked.state).toBe('ready')
  const bytes = readFileSync(world.files.path(exportFile(id)))
  const [[name, content]] = [...(await unzip(bytes))] as [[string, Buffer]]
  return { rows: booked.rows!, name, text: content.toString('utf8') }
}

const paid = (format: ExportFormat): NewExport => ({
  kind: 'paid',
  enteId: world.world.enteId,
  operatorId: world.world.operatorId,
  format,
  withReceipt: format !== '1_0',
  fromOn: '2025-07-01',
  toOn: '2025-07-31',
  dueTypes: [],
  asSecondary: false,
})

describe('exports of paid dues', () => {
  let numbers = 2010

  it.each([
    ['1_0', 1001, '1001_ESTRAZIONE_DOVUTI_2025-07-14_06_00_00.csv'],
    ['1_1', 1002, 'C_Q999-1002_ESTRAZIONE_DOVUTI_20250714060000-1_1.csv'],
    ['1_2', 1003, 'C_Q999-1003_ESTRAZIONE_DOVUTI_20250714060000-1_2.csv'],
    ['1_3', 1004, 'C_Q999-1004_ESTRAZIONE_DOVUTI_20250714060000-1_3.csv'],
  ] as const)('version %s is the sample, byte for byte', async (format, number, name) => {
    const written = await write(paid(format), number)
    expect(written.name).toBe(name)
    expect(written.rows).toBe(4)
    expect(written.text.split('\n')).toEqual(fixture(`export/${name}`).split('\n'))
  })

  it('the second beneficiary gets its own part of the dues of others, byte for byte', async () => {
    const name = 'P_Q999-1005_ESTRAZIONE_DOVUTI_20250714060000-1_3.csv'
    const booking = { ...paid('1_3'), enteId: secondId, operatorId: null, asSecondary: true } as NewExport
    const written = await write(booking, 1005)
    expect(written.name).toBe(name)
    expect(written.text.split('\n')).toEqual(fixture(`export/${name}`).split('\n'))
  })

  /** The due is of another ente. Operators of the second beneficiary have types of their own ente, which match by code. */
  it.each<[role: 'operator' | 'admin' | 'nobody', dueTypes: string[], rows: number]>([
    ['operator', ['MENSA_SCOLASTICA'], 1],
    ['operator', ['LUCE_VOTIVA', 'COSAP_TOSAP'], 0],
    ['operator', [], 0],
    ['admin', [], 1],
    ['nobody', [], 0],
  ])(
    'of the second beneficiary show to the role %s with the types %j: %i row',
    async (role, dueTypes, rows) => {
      const who = { operator_id: secondOperatorId, ente_id: secondId }
      await db('operator_grant').where(who).delete()
      if (role !== 'nobody') await db('operator_grant').insert({ ...who, role })
      const given = db('ente_due_type').where({ ente_id: secondId }).whereIn('code', dueTypes)
      for (const id of (await given.pluck('id')) as string[])
        await db('operator_due_type').insert({ ...who, ente_due_type_id: id })
      const booked = { ...paid('1_3'), enteId: secondId, operatorId: secondOperatorId, asSecondary: true }
      const written = await write(booked as NewExport, ++numbers)
      expect([written.rows, written.text.split('\n').length - 2]).toEqual([rows, rows])
    },
  )

  it('has the days and types that were asked for, and the types its operator may see', async () => {
    const few = await write({ ...paid('1_0'), dueTypes: ['LUCE_VOTIVA'] } as NewExport, 2001)
    expect(few.rows).toBe(1)
    const late = await write({ ...paid('1_0'), fromOn: '2025-07-12' } as NewExport, 2002)
    expect(late.rows).toBe(1)
    const type = db('ente_due_type').where({ code: 'COSAP_TOSAP', ente_id: world.world.enteId }).select('id')
    await db('operator_due_type').whereIn('ente_due_type_id', type).delete()
    expect((await write(paid('1_0'), 2003)).rows).toBe(3)
  })

  // Software reads these files, and a sign put before a value would change the value.
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t1', '\r1', 'x\r1'])(
    'contain texts of dues unchanged, also those that a spreadsheet would run as a formula: %j',
    async (text) => {
      const [header, row] = PAID
      const iud = of(row!, header!, 'codIud')
      const { causale } = (await db('due').first('causale').where({ iud })) as { causale: string }
      await db('due').where({ iud }).update({ causale: text })
      expect((await write(paid('1_3'), ++numbers)).text).toContain(`;"${text}";`)
      await db('due').where({ iud }).update({ causale })
    },
  )
})

it('dues that were not paid on their day are the sample, byte for byte; those without IUV are counted', async () => {
  const sample = readFileSync(
    new URL('../fixtures/flows/export/EXP_SCADUTI_3f2b6c1e-5d0a-4c7e-9a41-0c6f2f8e7b11.csv', import.meta.url),
    'utf8',
  )
  const { enteId, operatorId } = world.world
  const iuds = sample
    .split('\n')
    .slice(1)
    .map((line) => line.split(';')[0]!)
  await db('due').whereNotIn('iud', iuds).update({ due_on: '2029-01-01' })
  await db('due').update({ created_at: '2025-06-30T10:00:00Z' })
  const written = await write(
    {
      kind: 'expired',
      enteId,
      operatorId,
      dueOn: '2030-09-30',
      dueTypes: ['LUCE_VOTIVA', 'CONTRIBUTO_COSTRUZIONE'],
    },
    3001,
  )
  expect(written.text).toBe(sample)

  await db('due').where({ iud: iuds[0]! }).update({ causale: '=1+1' })
  const booked: NewExport = {
    kind: 'expired',
    dueOn: '2030-09-30',
    dueTypes: ['LUCE_VOTIVA'],
    enteId,
    operatorId,
  }
  expect((await write(booked, 3002)).text).toContain(';=1+1;')
})
