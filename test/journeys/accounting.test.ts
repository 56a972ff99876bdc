import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reconcileEnte } from '../../services/reporting/reconcile.ts'
import { bilancioXml } from '../../domain/wire/bilancio.ts'
import { cents } from '../../domain/money.ts'
import { FlowReader } from '../../domain/wire/read-flow-document.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, newDues, PAOLO } from '../setup/operators.ts'
import { reported, type GivenRow } from '../setup/reporting.ts'
import { aCredit } from '../setup/treasury.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const LIST = `/operatore/${CODE}/rendicontazione`
const SAMPLES = new URL('../fixtures/rendicontazione/', import.meta.url)

let site: Site
let paolo: Visitor
let ente: { enteId: string; domain: string }

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  ente = (await site
    .db('ente')
    .first({ enteId: 'id', domain: 'codice_fiscale' })
    .where({ cod_ipa: CODE })) as typeof ente
}, 60_000)
afterAll(() => site.close())

/** Stores and judges a flow that declares a total. */
async function flow(rows: GivenRow[], { flowId, declared }: { flowId: string; declared: number }) {
  const id = await reported(site.db, { ...ente, rows, flowId })
  await site.db('reporting_flow').where({ id }).update({ declared_cents: declared })
  return id
}

/** The lines of the file of one flow, from the column of the type of due on. */
async function linesOf(flowId: string): Promise<string[]> {
  const file = await paolo.download(`${LIST}/contabilita.csv?flusso=${flowId}`)
  expect(file.status).toBe(200)
  const [titles, ...lines] = file.bytes.toString('utf8').replace('\uFEFF', '').trim().split('\r\n')
  expect(titles).toBe(
    'annoBolletta;numeroProvvisorio;numeroBolletta;dataContabile;dataValuta;idFlusso;tipoDovuto;codUfficio;codCapitolo;codAccertamento;importo',
  )
  expect(lines.every((line) => line.split(';')[5] === flowId)).toBe(true)
  return lines.map((line) => line.split(';').slice(6).join(';'))
}

const sumOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Math.round(Number(line.split(';').at(-1)!.replace(',', '.')) * 100), 0)

const dueOf = async (id: string) =>
  (await site
    .db('due as d')
    .join('ente_due_type as t', 't.id', 'd.ente_due_type_id')
    .first({ iuv: 'd.iuv', cents: 'd.importo_cents', type: 't.code' })
    .where({ 'd.id': id })) as { iuv: string; cents: number; type: string }

describe('what an accountant books', () => {
  it('is a line for each type of due and each chapter, and a line for what no payment explains', async () => {
    const ids = await newDues(site.db, [7_001, 7_002])
    const [one, other] = [await dueOf(ids[0]!), await dueOf(ids[1]!)]
    const parts = [
      { capitolo: 'CAP1', ufficio: 'UFF', accertamento: 'A1', importo: cents(one.cents - 50) },
      { capitolo: 'CAP2', importo: cents(50) },
    ]
    await site
      .db('due')
      .where({ id: ids[0]! })
      .update({ bilancio: bilancioXml(parts) })
    const declared = one.cents + other.cents + 777
    const flowId = '2026-03-31PSP-BOOK1'
    await flow(
      [
        { iuv: one.iuv, importoCents: one.cents, code: 'NO_RPT' },
        { iuv: other.iuv, importoCents: other.cents, code: 'NO_RPT' },
        { iuv: '12999999999999999', importoCents: 777 },
      ],
      { flowId, declared },
    )
    const euro = (amount: number) => (amount / 100).toFixed(2).replace('.', ',')
    const lines = await linesOf(flowId)
    expect(lines).toEqual(
      [
        `${one.type};;CAP2;;${euro(50)}`,
        `${one.type};UFF;CAP1;A1;${euro(one.cents - 50)}`,
        `${other.type};;;;${euro(other.cents)}`,
      ]
        .sort()
        .concat(`NON ATTRIBUITO;;;;${euro(777)}`),
    )
    expect(sumOf(lines)).toBe(declared)
  })

  it('names the numbers of the bank once the credit is tied', async () => {
    const flowId = '2026-03-31PSP-BOOK2'
    const id = await flow([{ iuv: '12999999999999998', importoCents: 1050 }], { flowId, declared: 1050 })
    const { id: operatorId } = (await site
      .db('operator')
      .first('id')
      .where({ codice_fiscale: PAOLO.codiceFiscale })) as { id: string }
    const { tieId } = await aCredit(site.db, { enteId: ente.enteId, operatorId, reportingFlowId: id })
    const begin = async () =>
      (await paolo.download(`${LIST}/contabilita.csv?flusso=${flowId}`)).bytes.toString().split('\r\n')[1]
    expect(await begin()).toBe(`;;;;;${flowId};NON ATTRIBUITO;;;;10,50`)
    await site.db('treasury_tie').where({ id: tieId }).update({ state: 'certain' })
    expect(await begin()).toBe(`2026;17;;31/03/2026;31/03/2026;${flowId};NON ATTRIBUITO;;;;10,50`)
  })

  it.each(readdirSync(SAMPLES))('sums up to the cent for %s', async (name) => {
    const reader = new FlowReader()
    const rows = [...reader.read(readFileSync(new URL(name, SAMPLES))), ...reader.end()]
    const { flowId, declaredCents } = reader.head
    await flow(rows, { flowId: flowId!, declared: declaredCents! })
    await reconcileEnte(site.db, ente.enteId)
    expect(sumOf(await linesOf(flowId!))).toBe(declaredCents)
  })

  it('is linked from the list, and a search that cannot be read goes back there', async () => {
    const list = await paolo.get(LIST)
    expect(textOf(list)).toContain('Scarica la contabilità dei flussi trovati')
    expect((await paolo.get(`${LIST}/contabilita.csv?prodotto-dal=ieri`)).status).toBe(303)
  })
})
