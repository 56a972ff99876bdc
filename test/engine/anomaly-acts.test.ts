import type { Knex } from 'knex'
import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { findAnomaly, recipientsOf, type Anomaly } from '../../db/anomaly/anomalies.ts'
import { askAct } from '../../db/anomaly/approved-act.ts'
import { actAlone } from '../../db/anomaly/direct-act.ts'
import { settleApproval } from '../../db/ente/settle-approval.ts'
import { actsFor, mayReceive, type ApprovedAct } from '../../domain/anomaly/acts.ts'
import type { AnomalyKind } from '../../domain/payment/model.ts'
import { checkMoney } from '../../tools/check/check.ts'
import { aBegunPayment, askAbout, attemptIdsOf, payCartActivities, stateOf, US } from '../setup/begun.ts'
import { aCart, aDue, anEnte, PAYER, type GivenDue, type TestEnte } from '../setup/builders.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { buildRtFor, envelopeFor, type RtGiven } from '../setup/rt.ts'
import { aFault, standInNode } from '../setup/stand-in-node.ts'

let database: TestDatabase
let db: Knex
let ente: TestEnte
let paolo: { id: string; name: string }
let sara: { id: string; name: string }

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
  ente = await anEnte(db)
  paolo = await aPerson('FRRPLA64P30M999Q', 'Paolo Ferri')
  sara = await aPerson('GLLSRA78E45M999O', 'Sara Gallo')
})
afterAll(() => database.drop())

async function aPerson(codice: string, name: string): Promise<{ id: string; name: string }> {
  const [row] = (await db('operator').insert({ codice_fiscale: codice, name }).returning('id')) as {
    id: string
  }[]
  return { id: row!.id, name }
}

let progressive = 5_000
const nextDue = (given: GivenDue = {}): Promise<string> =>
  aDue(db, ente, { progressive: progressive++, ...given })

const settle = (cartId: string) => payCartActivities(db).settleCart(askAbout(cartId))
const arrive = async (attemptId: string, given: RtGiven = {}) =>
  answerRt(db, US, (await buildRtFor(db, attemptId, given)).envelope)

async function aRefusedPayment(dueId: string): Promise<{ cartId: string; attemptId: string }> {
  const cartId = await aCart(db, [dueId])
  const activities = payCartActivities(db, standInNode({ send: [aFault('PPT_SINTASSI_XSD')] }))
  await activities.beginCart({ ...askAbout(cartId), replicaConfirmed: true })
  await new MockActivityEnvironment().run(() => activities.sendCart(askAbout(cartId)))
  return { cartId, attemptId: (await attemptIdsOf(db, cartId))[0]! }
}

/** Receipts that arrive one after the other for one begun payment; each is settled before the next comes. */
async function receipts(dueId: string, ...given: RtGiven[]): Promise<string> {
  const { cartId, attemptIds } = await aBegunPayment(db, [dueId])
  for (const one of given) {
    await arrive(attemptIds[0]!, one)
    await settle(cartId)
  }
  return cartId
}

async function halfPaid(): Promise<string> {
  const dueId = await nextDue({ cents: 1000, secondary: { domain: '01234560009', cents: 300 } })
  const { cartId, attemptIds } = await aBegunPayment(db, [dueId])
  await arrive(attemptIds[0]!)
  await arrive(attemptIds[1]!, { outcome: 1 })
  await settle(cartId)
  return dueId
}

/** Makes each kind of anomaly of a payment the way it really arises. */
const MAKERS: Record<
  Exclude<AnomalyKind, 'withdrawn' | 'fetch_missed' | 'not_reported' | `reported_${string}`>,
  () => Promise<unknown>
> = {
  duplicate: async () => receipts(await nextDue(), {}, { messageId: 'RIC2', iur: 'IUR2' }),
  different_receipt: async () => receipts(await nextDue(), { outcome: 1 }, { outcome: 3, messageId: 'RIC2' }),
  positive_after_negative: async () => receipts(await nextDue(), { outcome: 1 }, { messageId: 'RIC2' }),
  amount_differs: async () => receipts(await nextDue(), { paid: [1049] }),
  receipt_refused: async () => receipts(await nextDue(), { requestMessageId: 'OTHER' }),
  receipt_after_forced: async () => {
    const { cartId, attemptId } = await aRefusedPayment(await nextDue())
    await arrive(attemptId)
    await settle(cartId)
  },
  paid_after_cancel: async () => {
    const dueId = await nextDue()
    const { cartId, attemptId } = await aRefusedPayment(dueId)
    await db('due').where({ id: dueId }).update({ state: 'cancelled', cancelled_reason: 'ente' })
    await arrive(attemptId)
    await settle(cartId)
  },
  late_while_paying: async () => {
    const dueId = await nextDue()
    const first = await aRefusedPayment(dueId)
    const second = await aBegunPayment(db, [dueId])
    await arrive(first.attemptId)
    await settle(first.cartId)
    const [late] = await openOnes('late_while_paying')
    expect(actsFor(late!)).toEqual([])
    await arrive(second.attemptIds[0]!, { iur: 'IUR2' })
    await settle(second.cartId)
  },
  partial_shares: halfPaid,
  unknown_attempt: async () => {
    const { attemptIds } = await aBegunPayment(db, [await nextDue()])
    const { key, xml } = await buildRtFor(db, attemptIds[0]!)
    const unknown = { ...key, attemptCode: 'ALTRO' }
    await answerRt(db, US, envelopeFor(unknown, xml.replaceAll(key.attemptCode, 'ALTRO')))
  },
  receipt_not_understood: async () => {
    const { attemptIds } = await aBegunPayment(db, [await nextDue()])
    const { key, xml } = await buildRtFor(db, attemptIds[0]!)
    await answerRt(
      db,
      US,
      envelopeFor(key, xml.replace('EsitoSingoloPagamento>2026-', 'EsitoSingoloPagamento>12026-')),
    )
  },
}

async function openOnes(kind: AnomalyKind): Promise<Anomaly[]> {
  const ids = (await db('anomaly')
    .where({ kind, closed_at: null })
    .orderBy('id', 'desc')
    .pluck('id')) as string[]
  return Promise.all(ids.map(async (id) => (await findAnomaly(db, null, id))!))
}

const read = async (id: string): Promise<Anomaly> => (await findAnomaly(db, null, id))!

async function made(kind: keyof typeof MAKERS): Promise<Anomaly> {
  await MAKERS[kind]()
  const [anomaly] = await openOnes(kind)
  return anomaly!
}

const ask = (id: string, act: ApprovedAct, dueId: string | null = null) =>
  askAct(db, { id, by: paolo, act, dueId, reason: 'come da telefonata', mailHost: 'localhost' })

async function decide(id: string, wanted: 'approved' | 'withdrawn', by = sara): Promise<string> {
  const row = (await db('approval').first('id').where({ entity_id: id, state: 'waiting' })) as { id: string }
  const author = { ...by, isPlatform: false, post: { maintainer: undefined, mailHost: 'localhost' } }
  return settleApproval(db, { id: row.id, wanted, by: author, post: author.post })
}

async function isSound(): Promise<void> {
  const findings = await checkMoney({ db, graceSeconds: 600 })
  expect(findings.filter(({ violations }) => violations.length > 0)).toEqual([])
}

describe('every kind is worked to its end', () => {
  it.each(['duplicate', 'paid_after_cancel', 'late_while_paying', 'unknown_attempt'] as const)(
    'the money of "%s" goes back to the payer',
    async (kind) => {
      const { id, unplacedCents } = await made(kind)
      expect(unplacedCents).toBe(1050)
      expect(await ask(id, 'return')).toBe('asked')
      expect(await decide(id, 'approved')).toBe('approved')
      expect((await read(id)).state).toBe('to_return')
      expect(await actAlone(db, { id, by: paolo, act: 'returned', reference: 'CRO 123' })).toBe('done')
      expect(await read(id)).toMatchObject({
        state: 'closed',
        resolution: 'returned',
        reference: 'CRO 123',
        reason: 'come da telefonata',
        closedBy: 'Paolo Ferri',
        unplacedCents: 1050,
      })
      await isSound()
    },
  )

  it.each(['duplicate', 'paid_after_cancel', 'late_while_paying', 'unknown_attempt'] as const)(
    'the money of "%s" pays another due of the same payer',
    async (kind) => {
      const { id } = await made(kind)
      const dueId = await nextDue()
      const offered = (await recipientsOf(db, null, id)).filter((due) => mayReceive(due, 1050))
      expect(offered.map((due) => due.id)).toContain(dueId)
      expect(await ask(id, 'give', dueId)).toBe('asked')
      expect(await stateOf(db, 'due', dueId)).toBe('payable')
      expect(await decide(id, 'approved')).toBe('approved')
      expect(await stateOf(db, 'due', dueId)).toBe('paid')
      expect(await read(id)).toMatchObject({ state: 'closed', resolution: 'given', unplacedCents: 0 })
      await isSound()
    },
  )

  it.each([
    'different_receipt',
    'positive_after_negative',
    'amount_differs',
    'receipt_after_forced',
    'receipt_refused',
    'receipt_not_understood',
    'partial_shares',
  ] as const)('"%s" is accepted with a reason', async (kind) => {
    const { id } = await made(kind)
    const accept = () => actAlone(db, { id, by: paolo, act: 'accept', reason: 'verificato con il PSP' })
    expect(await accept()).toBe('done')
    expect(await accept()).toBe('stale')
    expect(await read(id)).toMatchObject({ resolution: 'accepted', reason: 'verificato con il PSP' })
    await isSound()
  })

  it('a due with half of its money becomes payable, its money goes back, and it can be paid again', async () => {
    const dueId = await halfPaid()
    const [half] = await openOnes('partial_shares')
    expect(actsFor(half!)).toEqual(['make_payable', 'accept'])
    await ask(half!.id, 'make_payable')
    expect(await decide(half!.id, 'approved')).toBe('approved')
    expect(await stateOf(db, 'due', dueId)).toBe('payable')
    expect(await read(half!.id)).toMatchObject({ resolution: 'made_payable' })
    const [off] = await openOnes('withdrawn')
    expect(off).toMatchObject({ dueId, unplacedCents: 1000 })
    await isSound()
    expect((await aBegunPayment(db, [dueId])).attemptIds).toHaveLength(2)
    await ask(off!.id, 'return')
    await decide(off!.id, 'approved')
    await actAlone(db, { id: off!.id, by: sara, act: 'returned', reference: 'CRO 9' })
    await isSound()
  })

  it('half of the money again, after the due was made payable, calls a person again', async () => {
    const dueId = await halfPaid()
    const [half] = await openOnes('partial_shares')
    await ask(half!.id, 'make_payable')
    await decide(half!.id, 'approved')
    const [first, second] = await attemptIdsOf(db, half!.cartId!)
    expect((await arrive(second!, { messageId: 'RIC2' })).outcome).toBe('PAA_RT_DUPLICATA')
    await settle(half!.cartId!)
    expect(first).toBeDefined()
    expect(await stateOf(db, 'due', dueId)).toBe('paying')
    expect((await openOnes('partial_shares')).map((one) => one.dueId)).toContain(dueId)
    await isSound()
  })
})

it('money that is not to go back after all is looked at again', async () => {
  const { id } = await made('duplicate')
  await ask(id, 'return')
  await decide(id, 'approved')
  expect(await actAlone(db, { id, by: sara, act: 'undo', reason: 'era un altro pagamento' })).toBe('done')
  expect(await read(id)).toMatchObject({ state: 'open', reason: null, unplacedCents: 1050 })
  expect(actsFor(await read(id))).toEqual(['give', 'return'])
  await isSound()
})

describe('a second person', () => {
  it('is never the one who asked', async () => {
    const { id } = await made('duplicate')
    await ask(id, 'return')
    expect(await decide(id, 'approved', paolo)).toBe('waiting')
    expect((await read(id)).state).toBe('open')
    expect(await decide(id, 'withdrawn', paolo)).toBe('withdrawn')
  })

  it('is asked once: a second request, and an act beside it, find it waiting', async () => {
    const { id } = await made('duplicate')
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(id, 'return')))
    expect(answers.filter((answer) => answer === 'asked')).toHaveLength(1)
    expect(await ask(id, 'give', await nextDue())).toBe('stale')
    await decide(id, 'withdrawn')
  })

  it('approves nothing that has changed meanwhile', async () => {
    const { id } = await made('duplicate')
    const dueId = await nextDue()
    await ask(id, 'give', dueId)
    await aBegunPayment(db, [dueId])
    expect(await decide(id, 'approved')).toBe('overtaken')
    expect(await read(id)).toMatchObject({ state: 'open', unplacedCents: 1050 })
    await isSound()
  })

  it('of eight who approve at once, the act happens once', async () => {
    const { id } = await made('duplicate')
    const dueId = await nextDue()
    await ask(id, 'give', dueId)
    const row = (await db('approval').first('id').where({ entity_id: id })) as { id: string }
    const by = { ...sara, isPlatform: false, post: { maintainer: undefined, mailHost: 'localhost' } }
    const ended = await Promise.all(
      Array.from({ length: 8 }, () =>
        settleApproval(db, { id: row.id, wanted: 'approved', by, post: by.post }),
      ),
    )
    expect(new Set(ended)).toEqual(new Set(['approved']))
    expect(await db('settlement').where({ due_id: dueId })).toHaveLength(1)
    await isSound()
  })
})

describe('money is given only to a due that fits', () => {
  it.each<[string, (anomalyEnte: TestEnte) => Promise<string>]>([
    ['asks another amount', (of) => aDue(db, of, { cents: 1051 })],
    ['is of another payer', (of) => aDue(db, of, { pagatore: { ...PAYER, codice: 'RSSMRA80A01M999X' } })],
    ['is of another ente', async () => aDue(db, await anEnte(db))],
    [
      'has a second beneficiary',
      (of) => aDue(db, of, { cents: 750, secondary: { domain: '01234560009', cents: 300 } }),
    ],
    [
      'is being paid',
      async (of) => {
        const dueId = await aDue(db, of)
        await aBegunPayment(db, [dueId])
        return dueId
      },
    ],
  ])('not to one that %s', async (_what, make) => {
    const { id } = await made('duplicate')
    expect(await ask(id, 'give', await make(ente))).toBe('stale')
  })
})

it('a receipt whose money a person has moved is not settled when its bytes come again', async () => {
  const { attemptIds, cartId } = await aBegunPayment(db, [await nextDue()])
  const { key, xml } = await buildRtFor(db, attemptIds[0]!)
  const unknown = { ...key, attemptCode: 'DOPO' }
  const envelope = envelopeFor(unknown, xml.replaceAll(key.attemptCode, 'DOPO'))
  await answerRt(db, US, envelope)
  const [anomaly] = await openOnes('unknown_attempt')
  await ask(anomaly!.id, 'return')
  await decide(anomaly!.id, 'approved')
  // The attempt appears after all, for example taken over from an older system.
  await db('attempt').where({ id: attemptIds[0] }).update({ attempt_code: 'DOPO' })
  expect((await answerRt(db, US, envelope)).outcome).toBe('PAA_RPT_SCONOSCIUTA')
  await settle(cartId)
  expect(await read(anomaly!.id)).toMatchObject({ state: 'to_return', unplacedCents: 1050 })
})
