import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { ANOMALY_KINDS, type AnomalyKind } from '../../domain/payment/model.ts'
import { findUnreported } from '../../services/reporting/unreported.ts'
import type { BehaviourRequest } from '../../simulator/behaviour/schema.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { fetchSimState } from '../../tools/check/facts.ts'
import { SWEEP, sweepOnce } from '../../workers/sweep.ts'
import {
  accept,
  acceptPayment,
  freeDue,
  giveBack,
  payAnother,
  raisedBy,
  submitted,
  type Clerk,
} from '../setup/anomaly-desk.ts'
import { attemptIdsOf, stateOf } from '../setup/begun.ts'
import { aCart } from '../setup/builders.ts'
import { textOf } from '../setup/citizen-site.ts'
import { CODE, ELENA, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { published } from '../setup/reporting.ts'
import { buildRtFor, envelopeFor } from '../setup/rt.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

/**
 * An anomaly of each kind is made by payments through the product and a misbehaviour of the simulator, and people work it to its end on the
 * pages. Source: docs/field/money-rules.md#anomalies.
 */

const ENTE = `/operatore/${CODE}`
const FLOWS = `${ENTE}/rendicontazione`

let stack: Stack
let domain: string
let paolo: Clerk
let sara: Clerk
let elena: Clerk
let progressive = 600

beforeAll(async () => {
  stack = await startStack({ seed: true })
  const sitting = async (who: typeof PAOLO, desk: string): Promise<Clerk> => ({
    visitor: await signInAs(stack.db, createVisitor(stack.publicUrl), who),
    desk,
  })
  paolo = await sitting(PAOLO, `${ENTE}/anomalie`)
  sara = await sitting(SARA, `${ENTE}/anomalie`)
  elena = await sitting(ELENA, '/supporto/anomalie')
  ;({ domain } = (await stack.db('ente').first({ domain: 'codice_fiscale' }).where({ cod_ipa: CODE })) as {
    domain: string
  })
}, 60_000)
afterAll(() => stack.close())

type Rules = NonNullable<BehaviourRequest['rules']>

const behave = (...rules: Rules): void => stack.simulator.behave({ clear: true, rules })

interface Due {
  id: string
  iuv: string
}

/** A new due of 18,50 €. */
async function aDue(): Promise<Due> {
  const [id] = (await newDues(stack.db, [++progressive])) as [string]
  return (await stack.db('due').first('id', 'iuv').where({ id })) as Due
}

/** A new due of 18,50 € with 3,00 € for another beneficiary. */
async function aSharedDue(): Promise<Due> {
  const due = await aDue()
  await stack.db('due').where({ id: due.id }).update({ importo_cents: 2150 })
  await stack.db('due_share').insert({
    due_id: due.id,
    position: 2,
    domain: OTHER,
    ente_name: 'Provincia di Prova',
    iban: 'IT32I9999954321000000000002',
    importo_cents: 300,
    causale: 'Luce',
    dati_specifici_riscossione: '9/0114100TS/',
  })
  return due
}

const OTHER = '01234560009'

/** Begins the payment of a due at the simulator; returns its cart. */
async function begun({ id }: Due): Promise<string> {
  const cartId = await aCart(stack.db, [id])
  await stack.processes.begin(cartId, { nonce: randomUUID(), replicaConfirmed: true }, 20_000)
  return cartId
}

/** The payer makes a choice on the page of the first attempt, or of a later one, for the due. */
async function choose({ iuv }: Due, choice: 'OK' | 'KO' = 'OK', which = 0): Promise<void> {
  const rpts = await waitUntil(() => {
    const found = stack.simulator.state().rpts.filter((rpt) => rpt.iuv === iuv)
    return found.length > which && found
  })
  await stack.simulator.pay(rpts[which]!.idSession, choice)
}

/** A payer pays a new due while the node misbehaves. */
async function paid(...rules: Rules): Promise<Due> {
  const due = await aDue()
  behave(...rules)
  await begun(due)
  await choose(due)
  return due
}

const becomes = ({ id }: Due, state: string): Promise<true> =>
  waitUntil(async () => (await stateOf(stack.db, 'due', id)) === state || undefined)

/** A due whose cart the node says to have refused, though it took it: its payer can still pay. */
async function refusedAndTaken(): Promise<Due> {
  const one = await aDue()
  behave({ operation: 'nodoInviaCarrelloRPT', kind: 'fault', code: 'PPT_SINTASSI_XSD', when: 'after' })
  await begun(one)
  behave()
  await becomes(one, 'payable')
  return one
}

/** A due of which only the first share has its money. */
async function halfPaid(): Promise<void> {
  const one = await aSharedDue()
  behave({ operation: 'rt', kind: 'negative', match: { domain: OTHER } })
  await begun(one)
  await choose(one)
}

/** An operator cancels the due on its page, and confirms it. */
async function cancel({ id }: Due): Promise<void> {
  const page = await paolo.visitor.get(`${ENTE}/dovuti/${id}`)
  const question = await paolo.visitor.submit(page, '/conferma-annulla')
  expect((await paolo.visitor.submit(question, '/annulla', { perche: 'Chiesto due volte' })).status).toBe(303)
  expect(await stateOf(stack.db, 'due', id)).toBe('cancelled')
}

/** How a kind is made and worked. */
interface Way {
  make: () => Promise<unknown>
  work: (id: string) => Promise<unknown>
  resolution: 'given' | 'returned' | 'accepted' | 'made_payable'
  /** Why the simulator alone cannot make it, where it cannot. */
  nearest?: string
}

const accepted = { resolution: 'accepted', work: (id: string) => accept(sara, id) } as const
const returned = { resolution: 'returned', work: (id: string) => giveBack(paolo, sara, id) } as const

const OF_PAYMENTS = {
  duplicate: { make: () => paid({ operation: 'rt', kind: 'second_document' }), ...returned },
  paid_after_cancel: {
    make: async () => {
      const one = await refusedAndTaken()
      await cancel(one)
      await choose(one)
    },
    work: async (id) => payAnother(paolo, elena, id, (await aDue()).id),
    resolution: 'given',
  },
  late_while_paying: {
    make: async () => {
      late = await refusedAndTaken()
      await begun(late)
      // The payer of the first attempt, which the node has all the same.
      await choose(late)
    },
    work: async (id) => {
      // Nothing may be done while the second attempt can still need this money.
      expect((await paolo.visitor.get(`${paolo.desk}/${id}`)).html).not.toContain('/da-restituire')
      await choose(late, 'OK', 1)
      await becomes(late, 'paid')
      await giveBack(paolo, elena, id)
    },
    resolution: 'returned',
  },
  partial_shares: {
    make: halfPaid,
    work: (id) => freeDue(sara, elena, id),
    resolution: 'made_payable',
  },
  withdrawn: {
    make: async () => freeDue(sara, elena, await raisedBy(stack.db, 'partial_shares', halfPaid)),
    work: (id) => giveBack(sara, elena, id),
    resolution: 'returned',
  },
  unknown_attempt: {
    make: () => paid({ operation: 'rt', kind: 'mutate', what: 'ccp' }),
    work: async (id) => payAnother(sara, elena, id, (await aDue()).id),
    resolution: 'given',
  },
  receipt_refused: {
    make: async () => {
      refused = await paid(
        { operation: 'rt', kind: 'mutate', what: 'reference' },
        // The wrong receipt comes; the right one is only had by asking.
        { operation: 'paaInviaRT', kind: 'slow', ms: 0, times: 1 },
        { operation: 'paaInviaRT', kind: 'barrier', name: 'right' },
      )
    },
    work: async (id) => {
      await submitted(sara.visitor, `${sara.desk}/${id}`, '/chiedi-ricevuta')
      await becomes(refused, 'paid')
      await accept(sara, id)
      stack.simulator.release('right')
    },
    resolution: 'accepted',
  },
  receipt_not_understood: {
    nearest: 'every date that the simulator writes can be read, so its receipt is altered on the way',
    make: async () => {
      const [attemptId] = await attemptIdsOf(stack.db, await begun(await aDue()))
      const { key, xml } = await buildRtFor(stack.db, attemptId!)
      const far = xml.replace('EsitoSingoloPagamento>2026-', 'EsitoSingoloPagamento>12026-')
      const body = new Uint8Array(envelopeFor(key, far))
      const answer = await fetch(`${stack.nodePortUrl}/nodo/PaPerNodo`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml; charset=UTF-8', soapaction: 'paaInviaRT' },
        body,
      })
      expect(answer.status).toBe(200)
    },
    ...accepted,
  },
  different_receipt: {
    make: async () => {
      const one = await aDue()
      behave()
      await begun(one)
      await choose(one, 'KO')
      await becomes(one, 'payable')
      // The button of the simulator that makes one more negative receipt.
      const rpt = stack.simulator.state().rpts.find(({ iuv }) => iuv === one.iuv)!
      const key = [rpt.domain, rpt.iuv, rpt.ccp].join('|')
      await fetch(`${stack.simulator.url}/azioni/rt`, {
        method: 'POST',
        body: new URLSearchParams({ rpt: key, azione: 'negative' }),
      })
    },
    ...accepted,
  },
  amount_differs: { make: () => paid({ operation: 'rt', kind: 'mutate', what: 'amount' }), ...accepted },
  receipt_after_forced: { make: async () => choose(await refusedAndTaken()), ...accepted },
  positive_after_negative: { make: () => paid({ operation: 'rt', kind: 'negative_first' }), ...accepted },
} satisfies Partial<Record<AnomalyKind, Way>>

let late: Due
let refused: Due

/** The row of a flow that makes each kind, of a due of 18,50 € in this state. */
const ROWS = {
  reported_code_unknown: ['paid', { code: 7 }],
  reported_amount_invalid: ['paid', { pay: '18.505' }],
  reported_revoked: ['paid', { code: 3 }],
  reported_duplicate: ['paid', {}],
  reported_due_unknown: ['payable', { iuv: '22099999999999999' }],
  reported_amount_differs: ['paid', { pay: '54.00' }],
  reported_paid_twice: ['paid', { iur: 'UN-ALTRO-PAGAMENTO' }],
  reported_paid_after_cancel: ['cancelled', { code: 9 }],
} as const satisfies Partial<Record<AnomalyKind, [state: 'paid' | 'payable' | 'cancelled', row: object]>>

/** Publishes a flow of the row of a kind, and fetches it as an operator does. */
async function reportedAs(kind: keyof typeof ROWS): Promise<void> {
  const [state, given] = ROWS[kind]
  const one = state === 'paid' ? await paid() : await aDue()
  if (state === 'paid') await becomes(one, 'paid')
  if (state === 'cancelled') await cancel(one)
  const iur = stack.simulator.state().payments.find(({ iuv }) => iuv === one.iuv)?.iur
  const row = { ...published(one.iuv, '18.50', iur === undefined ? {} : { iur }), ...given }
  const rows = kind === 'reported_duplicate' ? [row, row] : [row]
  stack.simulator.publish({ flows: [{ domain, rows }] })
  await submitted(sara.visitor, FLOWS, `${FLOWS}/scarica`)
}

const sweep = (): Promise<void> =>
  sweepOnce({ ...stack, isReporting: true, log: pino({ level: 'silent' }), grace: SWEEP.grace })

const OF_FETCHES = {
  fetch_missed: {
    nearest: 'it needs eight hours without a fetch, so the time since when they are watched is moved back',
    make: async () => {
      await sweep()
      await stack.db('reporting_run').update({ ended_at: stack.db.raw(`ended_at - interval '9 hours'`) })
      await stack.db('reporting_watch').update({ since: stack.db.raw(`now() - interval '9 hours'`) })
      behave({ operation: 'reporting', kind: 'http_500' })
      await sweep()
    },
    work: (id: string) => accept(elena, id),
    resolution: 'accepted',
  },
  not_reported: {
    nearest:
      'the days in which a flow may still come pass on the clock of the product, so its search is told a later day',
    make: async () => {
      const one = await paid()
      await becomes(one, 'paid')
      await findUnreported(stack.db, addDays(romeDay(new Date().toISOString()), 15), 3)
    },
    ...accepted,
  },
} satisfies Partial<Record<AnomalyKind, Way>>

const REPORTED = Object.fromEntries(
  (Object.keys(ROWS) as (keyof typeof ROWS)[]).map((kind): [string, Way] => [
    kind,
    { make: () => reportedAs(kind), work: (id) => acceptPayment(sara, id), resolution: 'accepted' },
  ]),
) as Record<keyof typeof ROWS, Way>

// A kind without a way does not compile. Receipts in no flow come last, because the search finds those of all payments before.
const WAYS: Record<AnomalyKind, Way> = { ...OF_PAYMENTS, ...REPORTED, ...OF_FETCHES }

describe('an anomaly of each kind is worked to its end', () => {
  it.each(Object.entries(WAYS) as [AnomalyKind, Way][])(
    '%s',
    async (kind, { make, work, resolution }) => {
      const id = await raisedBy(stack.db, kind, make)
      expect((await elena.visitor.get(`${elena.desk}?tipo=${kind}`)).html).toContain(id)
      await work(id)
      const row = await stack.db('anomaly').first().where({ id })
      expect(row).toMatchObject({ state: 'closed', resolution })
      expect(row).toMatchObject({ reason: expect.stringMatching(/./), closed_by: expect.stringMatching(/./) })
      const list = await elena.visitor.get(`${elena.desk}?tipo=${kind}`)
      expect(list.html).not.toContain(id)
      const closed = await elena.visitor.get(`${elena.desk}/${id}`)
      expect([closed.status, textOf(closed)]).toEqual([200, expect.stringContaining('Chius')])
      await expectSound()
    },
    30_000,
  )

  it('none is left out', () => expect(Object.keys(WAYS).sort()).toEqual([...ANOMALY_KINDS].sort()))
})

async function expectSound(): Promise<void> {
  behave()
  await waitUntil(
    async () => (await stack.db('email').where({ state: 'pending', kind: 'receipt' })).length === 0,
  )
  const simState = await fetchSimState(stack.simulator.url)
  const findings = await checkMoney({ db: stack.db, simState, graceSeconds: 600 })
  expect(findings.filter(({ violations }) => violations.length > 0)).toEqual([])
}
