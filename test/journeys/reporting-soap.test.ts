import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aFlowWorld } from '../flows/world.ts'
import { textOf } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import { published, revisionsOf, type FlowRow } from '../setup/reporting.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

/** The same pages as with the REST service, with the flows of the old node. */

const OPERATOR = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const PATH = '/operatore/C_Q999/rendicontazione'
const DOMAIN = '99999900014'
const FETCH = 'nodoChiediFlussoRendicontazione'

let stack: Stack
let operator: Visitor

beforeAll(async () => {
  stack = await startStack({ reporting: 'soap' })
  const world = await aFlowWorld(stack.db)
  await stack
    .db('operator')
    .where({ id: world.operatorId })
    .update({ codice_fiscale: OPERATOR.codiceFiscale })
  operator = await signInAs(stack.db, createVisitor(stack.publicUrl), OPERATOR)
})
afterAll(() => stack.close())
beforeEach(() => stack.simulator.behave({ clear: true }))

const flowsOf = (fdr: string): Promise<FlowRow[]> => revisionsOf(stack.db, fdr)

const publish = (fdr: string, more: object) =>
  stack.simulator.publish({
    flows: [{ domain: DOMAIN, fdr, header: { regulationDate: fdr.slice(0, 10) }, ...more }],
  })

async function fetchNow(): Promise<{ outcome: string; listed: number; stored: number }> {
  const before = (await stack.db('reporting_run').pluck('id')) as string[]
  expect((await operator.submit(await operator.get(PATH), `${PATH}/scarica`, {})).status).toBe(303)
  return waitUntil(
    async () =>
      (await stack.db('reporting_run').whereNotIn('id', before).whereNotNull('outcome').first()) as
        { outcome: string; listed: number; stored: number } | undefined,
    30_000,
  )
}

/** The document as the simulated node gives it. */
async function publishedDocument(fdr: string): Promise<string> {
  const xml = (name: string, value: string) => `<${name}>${value}</${name}>`
  const answer = await fetch(stack.simulator.nodeUrl, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', soapaction: FETCH },
    body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><w:${FETCH} xmlns:w="http://ws.pagamenti.telematici.gov/">${await station()}${xml('identificativoDominio', DOMAIN)}${xml('identificativoFlusso', fdr)}</w:${FETCH}></s:Body></s:Envelope>`,
  })
  const base64 = /<xmlRendicontazione>([^<]+)</.exec(await answer.text())![1]!
  return Buffer.from(base64, 'base64').toString()
}

/** Who we are, as an earlier call said it. */
async function station(): Promise<string> {
  const { rows } = await stack.db.raw<{ rows: { request: string }[] }>(
    `select convert_from(request, 'utf8') as request from journal where operation = ? limit 1`,
    [FETCH],
  )
  const said = /<identificativoIntermediarioPA>.*<\/password>/.exec(rows[0]!.request)![0]
  expect(said).toContain('<password>***</password>')
  return said.replace('***', 'password1')
}

describe('flows of the old node', () => {
  it('come with their payments, and are downloaded byte for byte as they came', async () => {
    const fdr = '2026-11-28ABI90001-1'
    publish(fdr, {
      psp: 'ABI90001',
      rows: [
        published('12010000000000138', '24.50'),
        published('12010000000000239', '3.10', { code: 3 }),
        published('12010000000000340', '1.00', { code: 9 }),
      ],
    })
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', listed: 1, stored: 1 })
    const [flow] = await flowsOf(fdr)
    expect(flow).toMatchObject({
      state: 'stored',
      source: 'soap',
      psp_id: 'ABI90001',
      is_current: true,
      rows: 3,
      rows_cents: 2_240,
      flags: [],
    })
    const page = textOf(await operator.get(`${PATH}/${flow!.id}`))
    expect(page).toMatch(/12010000000000239 IUR-12010000000000239 1 3,10 € 3 · revocato/)
    const xml = await operator.download(`${PATH}/${flow!.id}.xml`)
    expect(xml.bytes.toString()).toBe(await publishedDocument(fdr))
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', listed: 0, stored: 0 })
  })

  it('have the order of their dates as revision, and the newest counts', async () => {
    const fdr = '2026-11-27ABI90001-1'
    for (const [n, pay] of ['1.00', '2.00'].entries()) {
      publish(fdr, {
        psp: 'ABI90001',
        rows: [published('12010000000000441', pay)],
        flowDate: `2026-11-27T0${n + 1}:00:00Z`,
      })
      await fetchNow()
    }
    expect(
      (await flowsOf(fdr)).map(({ revision, is_current, rows_cents }) => [revision, is_current, rows_cents]),
    ).toEqual([
      [1, false, 100],
      [2, true, 200],
    ])
  })

  it('of many payments are stored in parts, each payment once', async () => {
    const fdr = '2026-11-26ABI90001-1'
    publish(fdr, { psp: 'ABI90001', recipe: { count: 5_000, pay: '1.01' } })
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', stored: 1 })
    expect(await flowsOf(fdr)).toMatchObject([{ rows: 5_000, rows_cents: 505_000, flags: [] }])
    expect(
      (
        await stack
          .db('reporting_page')
          .join('reporting_flow as f', 'f.id', 'reporting_flow_id')
          .where({ flow_id: fdr })
      ).length,
    ).toBeGreaterThan(2)
  })

  it('that changed between the list and the question are noted, and the newer one comes with the next fetch', async () => {
    const fdr = '2026-11-25ABI90001-1'
    publish(fdr, {
      psp: 'ABI90001',
      rows: [published('12010000000000542', '1.00')],
      flowDate: '2026-11-25T01:00:00Z',
    })
    // Known from a list of before.
    await stack.db.raw(
      `insert into reporting_flow (ente_id, domain, flow_id, psp_id, revision, source, flow_at)
       select id, codice_fiscale, ?, 'ABI90001', 1, 'soap', '2026-11-25T00:30:00Z' from ente where codice_fiscale = ?`,
      [fdr, DOMAIN],
    )
    await fetchNow()
    await fetchNow()
    expect(
      (await flowsOf(fdr)).map(({ revision, state, rows_cents }) => [revision, state, rows_cents]),
    ).toEqual([
      [1, 'gone', 0],
      [2, 'stored', 100],
    ])
    const [gone] = await flowsOf(fdr)
    expect(textOf(await operator.get(`${PATH}/${gone!.id}`))).toContain('non lo dà più')
    expect((await operator.get(`${PATH}/${gone!.id}.xml`)).status).toBe(404)
  })
})
