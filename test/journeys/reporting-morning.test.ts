import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reconcileWaiting } from '../../services/reporting/reconcile.ts'
import { euro } from '../../templates/format.ts'
import { stateOf } from '../setup/begun.ts'
import { textOf } from '../setup/citizen-site.ts'
import {
  beginMorning,
  fetchNow,
  MORNING,
  OTHER_CREDIT,
  publishAgain,
  publishFlows,
  sendBankStatement,
  sumOf,
  theDayAfter,
  transfersOf,
  type Morning,
} from '../setup/morning.ts'
import { CODE, SARA } from '../setup/operators.ts'
import { revisionsOf } from '../setup/reporting.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

/** One morning from the counters to the closed books. The steps follow each other, and each says what the pages say then. */

const HOME = `/operatore/${CODE}`
const FLOWS = `${HOME}/rendicontazione`
const MATCHES = `${HOME}/riconciliazione`
const BANK = `${HOME}/tesoreria`

let stack: Stack
let sara: Visitor
let simulator: string
let morning: Morning

beforeAll(async () => {
  stack = await startStack({ seed: true })
  sara = await signInAs(stack.db, createVisitor(stack.publicUrl), SARA)
  simulator = stack.simulator.url
}, 60_000)
afterAll(() => stack.close())

const read = async (path: string): Promise<string> => textOf(await sara.get(path))

const flowHref = async (fdr: string): Promise<string> =>
  `${FLOWS}/${(await revisionsOf(stack.db, fdr)).at(-1)!.id}`

/** Which class each payment of the newest revisions has, with how many cents. */
async function classes(): Promise<Record<string, [count: number, cents: number]>> {
  const { rows } = await stack.db.raw<{ rows: { class: string; count: number; cents: number }[] }>(
    `select r.class, count(*)::int as count, sum(r.importo_cents)::int as cents from reported_row r
     join reporting_flow f on f.id = r.reporting_flow_id where f.is_current group by r.class`,
  )
  return Object.fromEntries(rows.map((row) => [row.class, [row.count, row.cents]]))
}

/** All cents of the newest revisions are somewhere. */
async function expectEveryCentHasAPlace(): Promise<void> {
  const { rows } = await stack.db.raw<{ rows: { cents: number; placed: number }[] }>(
    `select sum(r.importo_cents)::int as cents, sum((select sum(value::int) from jsonb_each_text(r.places)))::int as placed
     from reported_row r join reporting_flow f on f.id = r.reporting_flow_id where f.is_current`,
  )
  expect(rows[0]!.placed).toBe(rows[0]!.cents)
}

const rowHref = async (iuv: string): Promise<string> => {
  const row = (await stack
    .db('reported_row as r')
    .join('reporting_flow as f', 'f.id', 'r.reporting_flow_id')
    .first('r.id')
    .where({ iuv, is_current: true })) as { id: string }
  return `${MATCHES}/${row.id}`
}

/** The lines of what an accountant books of a flow: its sum in cents. */
async function bookedOf(fdr: string): Promise<{ text: string; cents: number }> {
  const text = (await sara.download(`${FLOWS}/contabilita.csv?flusso=${fdr}`)).bytes.toString()
  const lines = text.trim().split('\r\n').slice(1)
  const cents = lines.map((line) => Math.round(Number(line.split(';').at(-1)!.replace(',', '.')) * 100))
  return { text, cents: cents.reduce((sum, one) => sum + one, 0) }
}

describe('a morning', () => {
  it('begins with 20 payments of three types: 18 have their receipt', async () => {
    morning = await beginMorning(stack)
    expect(morning.payments.filter(Boolean)).toHaveLength(20)
    await waitUntil(async () => (await dueStateOf(morning.nine.iuv)) === 'payable' || undefined, 30_000)
    expect(await dueStateOf(morning.missing.iuv)).toBe('paying')
  }, 60_000)

  it('the flows of two PSPs arrive, and the page says what is to look at', async () => {
    expect(await read(FLOWS)).toContain('Nessun flusso è ancora arrivato')
    expect(await read(MATCHES)).toContain('Nessun pagamento è ancora stato rendicontato')
    await publishFlows(simulator, morning)
    await fetchNow(stack, sara)
    const list = await read(FLOWS)
    expect(list).toContain('flussi nuovi 2')
    expect(list).toContain('Banca di Borgo')
    expect(list).toContain('Poste di Valle')
    expect(list).toContain(euro(transfersOf(morning).second))
    expect(await classes()).toEqual({
      matched: [17, sumOf(morning.payments) - 4_500 - morning.missing.cents - morning.nine.cents],
      amount_differs: [1, 5_400],
      receipt_missing: [1, morning.missing.cents],
      paid_without_receipt: [1, morning.nine.cents],
      due_unknown: [1, MORNING.unknownCents],
    })
    await expectEveryCentHasAPlace()
    expect(list).toMatch(/280,40 €\s+Arrivato\s+Pagamenti da guardare: 1/)
    const look = (await read(MATCHES)).split('Da guardare')[1]!
    expect(look).toMatch(/Importo diverso\s+Pagamenti 1, 9,00 € senza un posto/)
    expect(look).toMatch(/Dovuto sconosciuto\s+Pagamenti 1, 33,00 € senza un posto/)
    expect(look).toMatch(/Manca la ricevuta\s+Pagamenti 1, 45,00 € di cui si aspetta la ricevuta/)
    const second = await read(await flowHref(morning.flows.second))
    expect(second).toMatch(/Riconciliato\s+Pagamenti 4, 183,90 €/)
    expect(second).toMatch(/Pagato senza ricevuta\s+Pagamenti 1, 18,50 €/)
  })

  it('each payment says why it is what it is', async () => {
    const wrong = await read(await rowHref(morning.wrong.iuv))
    expect(wrong).toContain('Importo diverso')
    expect(wrong).toContain('54,00')
    expect(wrong).toContain('arrivata, 45,00 €')
    expect(wrong).toContain('se manda una revisione del flusso con l’importo giusto, si sistema da solo')
    const missing = await read(await rowHref(morning.missing.iuv))
    expect(missing).toContain('Manca la ricevuta')
    expect(missing).toContain('si chiede ogni giorno')
    const nine = await read(await rowHref(morning.nine.iuv))
    expect(nine).toContain('Pagato senza ricevuta')
    expect(nine).toContain('9 · pagato senza ricevuta')
    expect(await dueStateOf(morning.nine.iuv)).toBe('paid')
    expect(await read(await rowHref(MORNING.unknownIuv))).toContain('Nessun dovuto dell’ente ha questo IUV')
    const anomalies = await read(`${HOME}/anomalie`)
    expect(anomalies).toContain('33,00')
  })

  it('the bank statement ties what is certain, proposes the rest, and leaves what is not of pagoPA', async () => {
    await sendBankStatement(stack, sara, morning)
    const sums = transfersOf(morning)
    const second = await read(await flowHref(morning.flows.second))
    expect(second).toContain('accreditato per intero')
    const first = await read(await flowHref(morning.flows.first))
    expect(first).not.toContain('accreditato per intero')
    const credits = await read(`${BANK}/accrediti`)
    for (const cents of [sums.first, sums.second, OTHER_CREDIT.cents]) expect(credits).toContain(euro(cents))
    expect(await read(`${BANK}/accrediti?stato=proposed`)).toContain(euro(sums.first))
    expect(await read(`${BANK}/accrediti?stato=open`)).toContain(euro(OTHER_CREDIT.cents))
    const list = await read(FLOWS)
    expect(list).toContain('In banca per intero')
    expect(list).toContain('In banca con un altro importo')
    const { id } = (await stack.db('treasury_credit').first('id').where({ cents: sums.first })) as {
      id: string
    }
    expect(await read(`${BANK}/accrediti/${id}`)).toMatch(/Importo dichiarato 567,30 € Differenza −9,00 €/)
  })

  it('a second revision with the right amount makes the credit certain by itself', async () => {
    await publishAgain(simulator, morning)
    await fetchNow(stack, sara)
    expect(await revisionsOf(stack.db, morning.flows.first)).toMatchObject([
      { revision: 1, is_current: false },
      { revision: 2, is_current: true, rows_cents: transfersOf(morning).first },
    ])
    expect(await read(await rowHref(morning.wrong.iuv))).toContain('Riconciliato')
    const first = await read(await flowHref(morning.flows.first))
    expect(first).toContain('accreditato per intero')
    expect(first).toContain('Revisione 1, Sostituito')
    expect(await read(`${BANK}/accrediti?stato=proposed`)).not.toContain(euro(transfersOf(morning).first))
    await expectEveryCentHasAPlace()
  })

  it('the day after, the receipt of the payment without one takes its place, once', async () => {
    await theDayAfter(simulator)
    await waitUntil(async () => {
      // The sweep does this.
      await reconcileWaiting(stack.db)
      return (await classes())['matched']?.[0] === 19 || undefined
    }, 25_000)
    expect(await read(await rowHref(morning.nine.iuv))).toContain('Riconciliato')
    expect(await dueStateOf(morning.nine.iuv)).toBe('paid')
    const due = (await stack.db('due').first('id').where({ iuv: morning.nine.iuv })) as { id: string }
    expect(await stack.db('settlement').where({ due_id: due.id })).toHaveLength(1)
    expect(await stack.db('anomaly').where({ due_id: due.id, closed_at: null })).toEqual([])
  })

  it('a person decides what is left, and the books add up to what the bank credited', async () => {
    const href = await rowHref(MORNING.unknownIuv)
    const fields = { 'motivo-accetta': 'Avviso del gestionale di prima' }
    expect((await sara.submit(await sara.get(href), `${href}/accetta`, fields)).status).toBe(303)
    expect(await read(href)).toContain('Avviso del gestionale di prima')
    const sums = transfersOf(morning)
    const [first, second] = [await bookedOf(morning.flows.first), await bookedOf(morning.flows.second)]
    expect([first.cents, second.cents]).toEqual([sums.first, sums.second])
    expect(first.text).toContain(`;801;801;`)
    // The unknown payment, and the one whose receipt nobody has.
    expect(second.text).toContain('NON ATTRIBUITO;;;;78,00')
    expect(await classes()).toEqual({
      matched: [19, sumOf(morning.payments) - morning.missing.cents],
      receipt_missing: [1, morning.missing.cents],
      due_unknown: [1, MORNING.unknownCents],
    })
    expect(await read(FLOWS)).not.toContain('In banca con un altro importo')
    const rowAnomalies = stack.db('anomaly').whereNotNull('reported_row_id').where({ closed_at: null })
    expect(await rowAnomalies).toEqual([])
  })
})

const dueStateOf = async (iuv: string): Promise<string> => {
  const { id } = (await stack.db('due').first('id').where({ iuv })) as { id: string }
  return stateOf(stack.db, 'due', id)
}
