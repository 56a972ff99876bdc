import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SWEEP, sweepOnce } from '../../workers/sweep.ts'
import { FETCH_REPORTING } from '../../workflows/fetch-reporting/contract.ts'
import { aFlowWorld, type FlowWorld } from '../flows/world.ts'
import { textOf } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import { published, revisionsOf, type FlowRow } from '../setup/reporting.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const OPERATOR = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const PATH = '/operatore/C_Q999/rendicontazione'
const DOMAIN = '99999900014'

let stack: Stack
let world: FlowWorld
let operator: Visitor

beforeAll(async () => {
  stack = await startStack({})
  world = await aFlowWorld(stack.db)
  await stack
    .db('operator')
    .where({ id: world.operatorId })
    .update({ codice_fiscale: OPERATOR.codiceFiscale })
  operator = await signInAs(stack.db, createVisitor(stack.publicUrl), OPERATOR)
})
afterAll(() => stack.close())
beforeEach(async () => {
  stack.simulator.behave({ clear: true })
  await stack.db('reporting_pause').update({ until: null, refusals: 0 })
})

const publish = (fdr: string, rows: ReturnType<typeof published>[], more: object = {}) =>
  stack.simulator.publish({ flows: [{ domain: DOMAIN, fdr, rows, ...more }] })

const flowsOf = (fdr: string): Promise<FlowRow[]> => revisionsOf(stack.db, fdr)

interface RunRow {
  outcome: string | null
  listed: number
  stored: number
}

/** Asks for a fetch as a person and waits until it has ended. */
async function fetchNow(fields: Record<string, string> = {}): Promise<RunRow> {
  const before = (await stack.db('reporting_run').pluck('id')) as string[]
  const asked = await operator.submit(await operator.get(PATH), `${PATH}/scarica`, fields)
  expect(asked.status).toBe(303)
  return waitUntil(
    async () =>
      (await stack.db('reporting_run').whereNotIn('id', before).whereNotNull('outcome').first()) as
        RunRow | undefined,
    30_000,
  )
}

const pageOf = async (fdr: string): Promise<Page> => {
  const flows = await flowsOf(fdr)
  return operator.get(`${PATH}/${flows.at(-1)!.id}`)
}

describe('a fetch', () => {
  it('stores each flow once, with its payments, and the page lists it', async () => {
    expect(textOf(await operator.get(PATH))).toContain('Nessun recupero è ancora avvenuto')
    publish('2026-11-2860000000001-1', [
      published('12010000000000138', '24.50'),
      published('12010000000000239', '1000.05'),
    ])
    publish('2026-11-2860000000001-2', [published('12010000000000340', '0.10')])
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', listed: 2, stored: 2 })
    expect(await flowsOf('2026-11-2860000000001-1')).toMatchObject([
      { state: 'stored', is_current: true, rows: 2, rows_cents: 102455 },
    ])
    const list = await operator.get(PATH)
    expect(textOf(list)).toContain('flussi nuovi 2')
    expect(list.html).toContain('2026-11-2860000000001-1</a>')
    expect(textOf(list)).toContain('1.024,55 €')
    expect(textOf(await pageOf('2026-11-2860000000001-1'))).toMatch(/12010000000000239 IUR-12010000000000239/)

    expect(await fetchNow()).toMatchObject({ outcome: 'OK', listed: 0, stored: 0 })
    expect(await flowsOf('2026-11-2860000000001-1')).toHaveLength(1)
  })

  it('is filtered by PSP and by the days on which flows were made and made available', async () => {
    const has = async (query: string): Promise<boolean> =>
      (await operator.get(`${PATH}?${query}`)).html.includes('2026-11-2860000000001-1</a>')
    for (const query of ['psp=60000000001', 'prodotto-dal=2026-01-01', 'disponibile-dal=2026-01-01'])
      expect([query, await has(query)]).toEqual([query, true])
    for (const query of ['psp=70000000001', 'prodotto-dal=2099-01-01', 'disponibile-al=2020-01-01'])
      expect([query, await has(query)]).toEqual([query, false])
  })

  it('puts the newest revision on top and keeps the older ones, in whatever order they come', async () => {
    const fdr = '2026-11-2760000000001-1'
    publish(fdr, [published('12010000000000441', '1.00')])
    await fetchNow()
    publish(fdr, [published('12010000000000441', '2.00')])
    publish(fdr, [published('12010000000000441', '3.00')])
    await fetchNow()
    expect(
      (await flowsOf(fdr)).map(({ revision, is_current, rows_cents }) => [revision, is_current, rows_cents]),
    ).toEqual([
      [1, false, 100],
      [2, false, 200],
      [3, true, 300],
    ])
    const newest = await pageOf(fdr)
    expect(textOf(newest)).toContain('Revisione 1, Sostituito')
    const [first] = await flowsOf(fdr)
    expect(textOf(await operator.get(`${PATH}/${first!.id}`))).toContain(
      'Una revisione più nuova ha preso il posto',
    )
  })

  it('stores what is odd and says it: totals, receiver, unknown code, a row twice, no number of cents', async () => {
    const fdr = '2026-11-2660000000001-1'
    publish(
      fdr,
      [
        published('12010000000000542', '5.00'),
        published('12010000000000542', '5.00'),
        published('12010000000000643', '7.005'),
        published('12010000000000744', '9.00', { code: 7 }),
      ],
      {
        totPayments: 9,
        sumPayments: '1.00',
        header: { receiver: '77777777777', regulationDate: '2026-11-26' },
      },
    )
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', stored: 1 })
    expect((await flowsOf(fdr))[0]!.flags.sort()).toEqual(
      ['count_differs', 'doubled_rows', 'faulty_rows', 'other_receiver', 'sum_differs'].sort(),
    )
    const page = textOf(await pageOf(fdr))
    expect(page).toContain('Il flusso dichiara 9 pagamenti e ne elenca 4')
    expect(page).toContain('Il flusso è per l’ente con codice fiscale 77777777777')
    expect(page).toContain('7.005')
    expect(page).toContain('sconosciuto')
    expect(textOf(await operator.get(`${PATH}?stato=flagged`))).toContain(fdr)
  })

  it('of revoked payments alone takes money away, and the pages say so', async () => {
    const fdr = '2026-11-2160000000001-1'
    publish(fdr, [published('12010000000001249', '3.10', { code: 3 })], {
      header: { regulationDate: '2026-11-21' },
    })
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', stored: 1 })
    expect(await flowsOf(fdr)).toMatchObject([{ rows_cents: -310 }])
    expect(textOf(await operator.get(PATH))).toContain('−3,10 €')
    expect(textOf(await pageOf(fdr))).toMatch(/Somma dei pagamenti −3,10 €.*3 · revocato/)
  })

  it('reads a flow of several pages, and asks again only for the page that broke', async () => {
    const fdr = '2026-11-2560000000001-1'
    stack.simulator.publish({
      flows: [
        {
          domain: DOMAIN,
          fdr,
          recipe: { count: 2_500, pay: '1.01' },
          header: { regulationDate: '2026-11-25' },
        },
      ],
    })
    stack.simulator.behave({
      rules: [
        { operation: 'reporting', kind: 'broken_page', match: { page: 2, call: 'payments' }, times: 1 },
      ],
    })
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', stored: 1 })
    expect(await flowsOf(fdr)).toMatchObject([{ rows: 2_500, rows_cents: 252_500, flags: [] }])
    const calls = (await stack
      .db('journal')
      .where({ operation: 'fdrPayments' })
      .whereRaw(`convert_from(request, 'utf8') like '%2026-11-25%'`)
      .orderBy('at')
      .select(
        'outcome',
        stack.db.raw(`substring(convert_from(request, 'utf8') from 'page=(\\d+)') as page`),
      )) as {
      outcome: string
      page: string
    }[]
    expect(calls.map(({ outcome, page }) => `${page} ${outcome}`)).toEqual([
      '1 OK',
      '2 HTTP_500',
      '2 OK',
      '3 OK',
    ])
  })

  it('begins a flow anew whose numbers of payments repeat, and numbers them itself when they repeat again', async () => {
    const [once, always] = ['2026-11-2060000000001-1', '2026-11-2060000000001-2']
    for (const fdr of [once, always])
      publish(fdr, [published('12010000000001350', '1.00'), published('12010000000001451', '2.00')], {
        header: { regulationDate: '2026-11-20' },
      })
    const repeats = (fdr: string) =>
      ({ operation: 'reporting', kind: 'duplicate_index', match: { call: 'payments', fdr } }) as const
    stack.simulator.behave({ rules: [{ ...repeats(once), times: 1 }, repeats(always)] })
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', stored: 2 })
    expect(await flowsOf(once)).toMatchObject([{ rows: 2, flags: [] }])
    expect(await flowsOf(always)).toMatchObject([
      { rows: 3, flags: ['count_differs', 'sum_differs', 'doubled_rows', 'renumbered'] },
    ])
    expect(textOf(await pageOf(always))).toContain('I numeri dei pagamenti si ripetono')
  })

  it('that runs twice at once stores each flow once', async () => {
    const fdr = '2026-11-1960000000001-1'
    stack.simulator.publish({
      flows: [
        {
          domain: DOMAIN,
          fdr,
          recipe: { count: 3_500, pay: '1.00' },
          header: { regulationDate: '2026-11-19' },
        },
      ],
    })
    const handle = stack.client.schedule.getHandle(FETCH_REPORTING.id(world.enteId))
    await stack.processes.keepSchedule({ enteId: world.enteId, isActive: true })
    await Promise.all([fetchNow(), handle.trigger()])
    await waitUntil(async () => (await stack.db('reporting_run').whereNull('outcome')).length === 0, 30_000)
    expect(await flowsOf(fdr)).toMatchObject([
      { state: 'stored', rows: 3_500, rows_cents: 350_000, flags: [] },
    ])
  })

  it('waits for the whole subscription when pagoPA says that it asks too much, and then goes on', async () => {
    const fdr = '2026-11-2460000000001-1'
    publish(fdr, [published('12010000000000845', '1.00')])
    stack.simulator.behave({
      rules: [{ operation: 'reporting', kind: 'too_many', how: 'seconds', ms: 2_000, times: 1 }],
    })
    const startedAt = Date.now()
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', stored: 1 })
    expect(Date.now() - startedAt).toBeGreaterThan(1_900)
    expect(await stack.db('journal').where({ outcome: 'TOO_MANY' })).toHaveLength(1)
  })

  it('tries the second key when the first is refused, and no key is in the journal', async () => {
    stack.simulator.behave({
      rules: [{ operation: 'reporting', kind: 'unauthorized', match: { key: 'first' } }],
    })
    publish('2026-11-2360000000001-1', [published('12010000000000946', '1.00')])
    expect(await fetchNow()).toMatchObject({ outcome: 'OK', stored: 1 })
    const { rows } = await stack.db.raw<{ rows: unknown[] }>(
      `select 1 from journal where convert_from(coalesce(request, '') || coalesce(response, ''), 'utf8') like '%reporting-key%'`,
    )
    expect(rows).toEqual([])
  })

  it('says on the page why it did not succeed', async () => {
    // Both keys are refused.
    stack.simulator.behave({
      clear: true,
      rules: [
        { operation: 'reporting', kind: 'unauthorized', match: { key: 'first' } },
        { operation: 'reporting', kind: 'unauthorized', match: { key: 'second' } },
      ],
    })
    expect(await fetchNow()).toMatchObject({ outcome: 'REPORTING_REFUSED' })
    expect(textOf(await operator.get(PATH))).toContain('pagoPA ha rifiutato la richiesta')
  })
})

describe('the page', () => {
  it('refuses a day that cannot be asked for', async () => {
    for (const dal of ['2020-01-01', '2999-01-01', 'ieri']) {
      const refused = await operator.submit(await operator.get(PATH), `${PATH}/scarica`, { dal })
      expect([dal, refused.status]).toEqual([dal, 422])
      expect(textOf(refused)).toContain('Scrivi un giorno passato')
    }
  })

  it('gives the flow as XML and its payments as CSV', async () => {
    const fdr = '2026-11-2260000000001-1'
    publish(fdr, [
      published('12010000000001047', '24.50'),
      published('12010000000001148', '1.00', { code: 9 }),
    ])
    await fetchNow()
    const [flow] = await flowsOf(fdr)
    const xml = await operator.download(`${PATH}/${flow!.id}.xml`)
    expect(xml.name).toBe(`60000000001_${fdr}_1.xml`)
    expect(xml.bytes.toString()).toContain(`<identificativoFlusso>${fdr}</identificativoFlusso>`)
    expect(xml.bytes.toString()).toContain('<singoloImportoPagato>24.50</singoloImportoPagato>')
    expect(xml.bytes.toString()).toContain('<codiceEsitoSingoloPagamento>9</codiceEsitoSingoloPagamento>')
    const csv = await operator.download(`${PATH}/${flow!.id}.csv`)
    expect(csv.bytes.toString()).toContain('12010000000001047')
    expect(csv.bytes.toString()).toContain('24,50')
  })

  it('is of this ente alone', async () => {
    expect((await operator.get(`${PATH}/${randomUUID()}`)).status).toBe(404)
    const [flow] = await flowsOf('2026-11-2260000000001-1')
    expect((await operator.get(`/operatore/C_ALTRO/rendicontazione/${flow!.id}`)).status).toBe(404)
  })
})

describe('the schedule of an ente', () => {
  const sweep = (): Promise<void> =>
    sweepOnce({ ...stack, isReporting: true, log: pino({ level: 'silent' }), grace: SWEEP.grace })
  const handle = () => stack.client.schedule.getHandle(FETCH_REPORTING.id(world.enteId))

  it('is made, paused and resumed with the state of the ente', async () => {
    await sweep()
    const { spec, policies, state } = await handle().describe()
    expect(spec.timezone).toBe('Europe/Rome')
    expect(spec.calendars?.[0]?.hour).toEqual(
      [1, 7, 13, 19].map((start) => expect.objectContaining({ start })),
    )
    expect([policies.overlap, policies.catchupWindow, state.paused]).toEqual([
      'SKIP',
      12 * 60 * 60_000,
      false,
    ])
    expect(textOf(await operator.get(PATH))).toMatch(/Prossimo recupero: \d/)

    await stack.db('ente').where({ id: world.enteId }).update({ state: 'PRE-ESERCIZIO' })
    await stack.db('ente').where({ id: world.enteId }).update({ state: 'INSERITO' })
    await sweep()
    // It left ESERCIZIO today, and flows come for two months.
    expect((await handle().describe()).state.paused).toBe(false)
    await stack.db('event').where({ entity: 'ente', entity_id: world.enteId }).update({ at: '2026-01-01' })
    await sweep()
    expect((await handle().describe()).state.paused).toBe(true)
    await stack.db('ente').where({ id: world.enteId }).update({ state: 'PRE-ESERCIZIO' })
    await sweep()
    expect((await handle().describe()).state.paused).toBe(false)
  })

  it('begins fetches that name the ente', async () => {
    await handle().trigger()
    const run = await waitUntil(
      async () =>
        (await stack
          .db('reporting_run')
          .where({ ente_id: world.enteId, operator_id: null })
          .whereNotNull('outcome')
          .first()) as { process_id: string } | undefined,
      30_000,
    )
    expect(run.process_id).toMatch(new RegExp(`^reporting:${world.enteId}-`))
  })
})
