import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { iuv17, noticeNumber } from '../../domain/iuv.ts'
import { aFlow, loadFlow, type FlowFixture } from '../flows/world.ts'
import { CHIARA, RIGHTS, startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { testFiles } from '../setup/files.ts'
import { ELENA, PAOLO } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const HEADER = readFileSync(
  new URL('../fixtures/flows/import/C_Q999-TRIBUTI202501-1_3.csv', import.meta.url),
  'utf8',
).split('\n')[0]!
const ENTE = '/admin/enti/C_X902/dati/pagopa'
const FORM = '/enti/C_X902/spontaneo/DIRITTI_VARI'

let site: Site
let elena: Visitor
let fixture: FlowFixture

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  elena = await signInAs(site.db, site.visitor(), ELENA)
  const { id: enteId } = (await site.db('ente').first('id').where({ cod_ipa: 'C_X902' })) as { id: string }
  const { id: operatorId } = (await site
    .db('operator')
    .first('id')
    .where({ codice_fiscale: PAOLO.codiceFiscale })) as { id: string }
  fixture = { db: site.db, files: testFiles(), world: { enteId, operatorId, codIpa: 'C_X902' } }
})
afterAll(() => site.close())

const save = async (page: Page, fields: Record<string, string>): Promise<Page> =>
  elena.submit(page, ENTE, fields)

/** Changes a code: saves, expects the warning, and saves again to confirm. */
async function changeCode(column: string, to: string): Promise<void> {
  const warned = await save(await elena.get(ENTE), { [column]: to })
  expect([warned.status, textOf(warned)]).toEqual([200, expect.stringContaining('restano validi')])
  expect((await save(warned, {})).status).toBe(303)
}

const row = (iud: string, { iuv = '', action = 'I' } = {}): string =>
  `${iud};${iuv};F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;;;2099-09-30;10.00;;LUCE_VOTIVA;;Luce ${iud};9/0114100TS/LV;;${iuv === ''};${action}`

let files = 0

/** Loads a file; returns the numbers of rows loaded and rejected. */
async function load(rows: readonly string[]): Promise<[loaded: number, rejected: number]> {
  const base = `C_X902-SEG${++files}-1_3`
  const flowId = await aFlow(fixture, { base, csv: [HEADER, ...rows, ''].join('\n') })
  const flow = await loadFlow(fixture, flowId)
  return [flow.rowsLoaded + flow.rowsChanged, flow.rowsRejected]
}

const iuvsOf = (like: string): Promise<string[]> =>
  site.db('due').whereLike('iud', like).whereNotNull('iuv').pluck('iuv') as Promise<string[]>

/** A citizen prepares a notice of a spontaneous due. */
async function printNotice(nota: string): Promise<void> {
  const citizen = await signInAs(site.db, site.visitor(), {
    codiceFiscale: CHIARA['intestatario-codice'],
    anagrafica: CHIARA['intestatario-nome'],
    email: CHIARA['e-mail'],
  })
  const made = await citizen.submit(await citizen.get(FORM), FORM, {
    ...RIGHTS,
    ...CHIARA,
    nota,
    azione: 'avviso',
  })
  expect(made.status).toBe(303)
}

const counters = async (): Promise<Record<string, number>> => {
  const rows = (await site
    .db('iuv_counter')
    .select('segregation_code', 'last_value')
    .where({ domain: '99999902028', generator: 'iuv17' })) as {
    segregation_code: string
    last_value: number
  }[]
  return Object.fromEntries(rows.map((one) => [one.segregation_code, one.last_value]))
}

it('numbers of a file and of citizens under two codes are never equal, and each code counts for itself', async () => {
  await changeCode('application_code', '23')
  const before = (await counters())['22']!
  const rows = Array.from({ length: before + 5 }, (_, at) => row(`DUE-${at}`))
  const [loaded] = await Promise.all([load(rows), printNotice('primo'), printNotice('secondo')])
  expect(loaded).toEqual([rows.length, 0])
  const ofFile = await iuvsOf('DUE-%')
  const ofCitizens = (await site
    .db('due')
    .where({ ente_id: fixture.world.enteId, spontaneous: true })
    .whereNotNull('iuv')
    .pluck('iuv')) as string[]
  expect(ofFile.map((iuv) => iuv.slice(0, 2))).toEqual(ofFile.map(() => '23'))
  expect(ofCitizens.map((iuv) => iuv.slice(0, 2))).toEqual(['22', '22'])
  // Both codes drew the same progressive numbers, but no IUV is equal.
  expect(await counters()).toEqual({ '22': before + 2, '23': before + 5 })
  expect(new Set([...ofFile, ...ofCitizens]).size).toBe(before + 7)
})

it('a code that changes is warned of and confirmed; numbers given before are searched, paid, and changed by files', async () => {
  const old = iuv17({ segregationCode: '22', progressive: 1 })
  const { iud } = (await site.db('due').first('iud').where({ iuv: old })) as { iud: string }
  const page = await elena.get(ENTE)
  const warned = await save(page, { segregation_code: '24', cbill: 'ABC12' })
  expect(textOf(warned)).toContain('22 → 24')
  // A confirmation counts only for the values that the warning showed.
  const other = await save(warned, { segregation_code: '25' })
  expect([other.status, textOf(other)]).toEqual([200, expect.stringContaining('22 → 25')])
  const stored = () =>
    site.db('ente').first('segregation_code', 'cbill').where({ cod_ipa: 'C_X902' }) as Promise<object>
  const { cbill } = (await stored()) as { cbill: string | null }
  expect(await stored()).toEqual({ segregation_code: '22', cbill })
  // Back to the form, and nothing typed is lost.
  const again = await save(warned, { azione: 'correggi' })
  expect(again.html).toMatch(/name="cbill" value="ABC12"/)
  expect(await stored()).toEqual({ segregation_code: '22', cbill })
  expect((await save(warned, {})).status).toBe(303)
  expect(await stored()).toEqual({ segregation_code: '24', cbill: 'ABC12' })
  expect(textOf(await elena.get('/admin/enti/C_X902'))).toContain('Codice di segregazione: 22 → 24')

  const citizen = site.visitor()
  const search = { 'codice-avviso': noticeNumber(old), 'intestatario-codice': 'BNCCHR85H52M999M' }
  const found = await citizen.submit(await citizen.get('/avviso'), '/avviso', search)
  expect(textOf(await citizen.get(found.location!))).toContain('18,50')
  expect(await load([row(iud, { iuv: old, action: 'M' })])).toEqual([1, 0])
  // An IUV that the ente gives itself must begin with the present code.
  const own = (segregationCode: string) => iuv17({ segregationCode, sil: '01', progressive: 7 })
  expect(await load([row('OWN-OLD', { iuv: own('22') }), row('OWN-NEW', { iuv: own('23') })])).toEqual([1, 1])
  await printNotice('terzo')
  expect((await counters())['24']).toBe(1)
})

it.each([
  ['segregation_code', '50'],
  ['segregation_code', '99'],
  ['segregation_code', '5'],
  ['segregation_code', ''],
  ['application_code', '1'],
  ['application_code', '1A'],
])('%s "%s" is refused', async (column, value) => {
  const before: unknown = await site.db('ente').first(column).where({ cod_ipa: 'C_X902' })
  const refused = await save(await elena.get(ENTE), { [column]: value })
  expect(refused.status).toBe(422)
  expect(textOf(refused)).not.toContain('restano validi')
  expect(await site.db('ente').first(column).where({ cod_ipa: 'C_X902' })).toEqual(before)
})

it('a segregation code out of the range is refused by the table too', async () => {
  const write = site.db('ente').where({ cod_ipa: 'C_X902' }).update({ segregation_code: '50' })
  await expect(write).rejects.toMatchObject({ code: '23514' })
})
