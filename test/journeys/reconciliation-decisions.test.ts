import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { decide } from '../../services/reporting/decide.ts'
import { stateOf } from '../setup/begun.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { judgedRow, reported, type GivenRow } from '../setup/reporting.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const PATH = `/operatore/${CODE}/riconciliazione`
const UNKNOWN = '22090000000000100'

let site: Site
let ente: { id: string; domain: string }
let sara: Visitor
let paolo: Visitor
let due: { id: string; iuv: string }

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  ente = (await site
    .db('ente')
    .first('id', { domain: 'codice_fiscale' })
    .where({ cod_ipa: CODE })) as typeof ente
  sara = await signInAs(site.db, site.visitor(), SARA)
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  const [id] = await newDues(site.db, [901])
  due = (await site.db('due').first('id', 'iuv').where({ id })) as typeof due
})
afterAll(() => site.close())

const flow = (rows: GivenRow[], more: { flowId?: string; revision?: number } = {}): Promise<string> =>
  reported(site.db, { enteId: ente.id, domain: ente.domain, rows, ...more })
const open = (id: string) => site.db('anomaly').where({ reported_row_id: id, closed_at: null })

it('a payment of an unknown number is accepted with a reason, which ends its anomaly, and the decision is taken back', async () => {
  const row = await judgedRow(site.db, await flow([{ iuv: UNKNOWN, importoCents: 999 }]))
  const href = `${PATH}/${row.id}`
  expect(textOf(await sara.get(PATH))).toContain('Nessun dovuto dell’ente ha questo IUV')
  expect(await open(row.id)).toHaveLength(1)

  const blank = await sara.submit(await sara.get(href), `${href}/accetta`, {})
  expect([blank.status, textOf(blank)]).toEqual([422, expect.stringContaining('Scrivi il motivo.')])
  const shown = await sara.get(href)
  expect(
    (await sara.submit(shown, `${href}/accetta`, { 'motivo-accetta': 'Sportello vecchio' })).status,
  ).toBe(303)
  expect(await open(row.id)).toEqual([])
  expect(await judgedRow(site.db, await flowOf(row.id))).toMatchObject({
    class: 'due_unknown',
    places: { decided: 999 },
  })
  const decided = textOf(await sara.get(href))
  expect(decided).toContain('Accettato così com’è')
  expect(decided).toContain('Sportello vecchio')
  // The page was shown before the decision.
  const late = await sara.submit(shown, `${href}/rimborsato`, { 'motivo-rimborsato': 'Altro' })
  expect(late.status).toBe(303)
  expect(textOf(await sara.get(href))).toContain('Non è stato fatto niente')
  expect(await site.db('reported_decision').where({ reported_row_id: row.id })).toHaveLength(1)

  expect((await sara.submit(await sara.get(href), `${href}/riprendi`, {})).status).toBe(303)
  expect(await open(row.id)).toHaveLength(1)
  expect(await site.db('event').where({ entity: 'reported_row', entity_id: row.id })).toHaveLength(2)
})

const flowOf = async (id: string): Promise<string> =>
  ((await site.db('reported_row').first({ flow: 'reporting_flow_id' }).where({ id })) as { flow: string })
    .flow

it('money is tied to another due, which a revision contradicts and only a person takes back', async () => {
  const flowId = `2026-03-31PSP-${randomUUID().slice(0, 8)}`
  const given = { iuv: '22090000000000200', importoCents: 1850 }
  const row = await judgedRow(site.db, await flow([given, { iuv: '22090000000000300' }], { flowId }))
  const href = `${PATH}/${row.id}`
  const link = async (iuv: string) =>
    sara.submit(await sara.get(href), `${href}/lega`, {
      'dovuto-lega': iuv,
      'motivo-lega': 'Numero sbagliato',
    })
  expect(textOf(await link('22090000000000999'))).toContain('Scrivi lo IUV di un dovuto')
  const shown = await sara.get(href)
  const twice = () =>
    sara.submit(shown, `${href}/lega`, { 'dovuto-lega': due.iuv, 'motivo-lega': 'Numero sbagliato' })
  expect((await Promise.all([twice(), twice()])).map(({ status }) => status)).toEqual([303, 303])
  expect(await stateOf(site.db, 'due', due.id)).toBe('paid')
  expect(await site.db('settlement').where({ due_id: due.id })).toHaveLength(1)

  // The newer revision has the payment still: the decision holds.
  const second = await judgedRow(site.db, await flow([given], { flowId, revision: 2 }))
  expect(await stateOf(site.db, 'due', due.id)).toBe('paid')
  expect(second).toMatchObject({ is_contradicted: false, places: { decided: 1850 } })
  expect(textOf(await sara.get(`${PATH}/${second.id}`))).toContain('Legato a un altro dovuto')

  expect(
    (await sara.submit(await sara.get(`${PATH}/${second.id}`), `${PATH}/${second.id}/riprendi`, {})).status,
  ).toBe(303)
  expect(await stateOf(site.db, 'due', due.id)).toBe('payable')
  expect(await site.db('settlement').where({ due_id: due.id })).toEqual([])
})

it('a decision about a payment that a revision takes away stays, is shown as contradicted, and is taken back there', async () => {
  const flowId = `2026-03-31PSP-${randomUUID().slice(0, 8)}`
  const rows = [{ iuv: '22090000000000600', importoCents: 1850 }, { iuv: '22090000000000700' }]
  const row = await judgedRow(site.db, await flow(rows, { flowId }))
  const href = `${PATH}/${row.id}`
  const fields = { 'dovuto-lega': due.iuv, 'motivo-lega': 'Numero sbagliato' }
  expect((await sara.submit(await sara.get(href), `${href}/lega`, fields)).status).toBe(303)
  await flow(rows.slice(1), { flowId, revision: 2 })
  expect(await stateOf(site.db, 'due', due.id)).toBe('paid')
  const contradicted = await sara.get(href)
  expect(textOf(contradicted)).toContain('Decisione smentita')
  expect(textOf(await sara.get(PATH))).toContain('Decisione smentita')
  expect((await sara.submit(contradicted, `${href}/riprendi`, {})).status).toBe(303)
  expect(await stateOf(site.db, 'due', due.id)).toBe('payable')
  expect(textOf(await sara.get(href))).not.toContain('Decisione smentita')
})

it('is read by every operator, and decided by who has the grant at that moment', async () => {
  const grant = (mayReconcile: boolean) =>
    site
      .db('operator_grant')
      .where({ ente_id: ente.id })
      .whereIn('operator_id', site.db('operator').select('id').where({ codice_fiscale: PAOLO.codiceFiscale }))
      .update({ may_reconcile: mayReconcile })
  const row = await judgedRow(site.db, await flow([{ iuv: '22090000000000400' }]))
  const href = `${PATH}/${row.id}`
  const read = await paolo.get(href)
  expect([read.status, textOf(read)]).toEqual([
    200,
    expect.stringContaining('Decide chi ha il permesso Riconcilia'),
  ])
  await grant(true)
  const form = await paolo.get(href)
  await grant(false)
  const accept = () => paolo.submit(form, `${href}/accetta`, { 'motivo-accetta': 'Visto' })
  const refused = await accept()
  expect([refused.status, textOf(refused)]).toEqual([
    404,
    expect.stringContaining('Serve il permesso di riconciliare'),
  ])
  expect(await site.db('reported_decision').where({ reported_row_id: row.id })).toEqual([])
  await grant(true)
  expect((await accept()).status).toBe(303)
  expect(await site.db('reported_decision').where({ reported_row_id: row.id })).toHaveLength(1)
  await grant(false)
})

it('the list is filtered, and is a CSV of the same payments', async () => {
  const list = textOf(await sara.get(`${PATH}?classe=due_unknown&iuv=${UNKNOWN}`))
  expect(list).toContain(UNKNOWN)
  expect(list).not.toContain('22090000000000400')
  const csv = await sara.download(`${PATH}.csv?iuv=${UNKNOWN}`)
  const lines = csv.bytes.toString().trim().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain('Dovuto sconosciuto')
  const [row] = (await site.db('reported_row').where({ iuv: UNKNOWN })) as { reporting_flow_id: string }[]
  const flowPage = textOf(
    await sara.get(`/operatore/${CODE}/rendicontazione/${row!.reporting_flow_id}?classe=matched`),
  )
  expect(flowPage).toContain('Nessun pagamento rendicontato corrisponde alla ricerca')
})

it('money that left again, or that settles its own due, is tied to no other', async () => {
  const [own, other] = (await site
    .db('due')
    .select('id', 'iuv', 'importo_cents')
    .whereIn('id', await newDues(site.db, [902, 903]))) as {
    id: string
    iuv: string
    importo_cents: number
  }[]
  const given = { iuv: own!.iuv, importoCents: own!.importo_cents, code: 'NO_RPT' }
  const flowId = await flow([given, { ...given, code: 'REVOKED' }])
  expect(await stateOf(site.db, 'due', own!.id)).toBe('paid')
  const by = { id: randomUUID(), name: 'Sara' }
  for (const position of [1, 2]) {
    const { id, class: seen } = await judgedRow(site.db, flowId, position)
    const page = await sara.get(`${PATH}/${id}`)
    expect(page.html).not.toContain(`${id}/lega`)
    const link = {
      enteId: ente.id,
      rowId: id,
      seen: seen!,
      by,
      kind: 'linked',
      reason: 'Prova',
      dueIuv: other!.iuv,
    } as const
    expect(await decide(site.db, link)).toBe('not_recipient')
  }
  expect(await stateOf(site.db, 'due', other!.id)).toBe('payable')
})
