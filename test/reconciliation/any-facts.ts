import fc from 'fast-check'
import type { Decision, IuvFacts, KnownRow, MovedReceipt, Proof } from '../../domain/reporting/iuv-facts.ts'
import { ROW_CLASSES } from '../../domain/reporting/row-class.ts'
import { decision, facts, row, share } from './given.ts'

const IDS = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6'] as const
const CENTS = [300, 1000, 1200]

const anyIur = fc.constantFrom('A', 'A', 'B', 'C', '')
const anyIndex = fc.constantFrom(null, 1, 1, 2, 3)
const anyDay = fc.constantFrom('2026-03-30', '2026-03-31', '2026-04-01')

const anyRow = (id: string): fc.Arbitrary<KnownRow> =>
  fc
    .record({
      code: fc.constantFrom(0, 3, 4, 8, 9, 9),
      unknown: fc.integer({ min: 0, max: 9 }),
      flowId: fc.constantFrom('F1', 'F2', 'F3'),
      isCurrent: fc.constantFrom(true, true, false),
      iur: anyIur,
      transferIndex: anyIndex,
      importoCents: fc.constantFrom(...CENTS, 1000, null),
      paidOn: fc.option(anyDay),
      withdrawn: fc.constantFrom(null, null, null, null, null, 'open' as const, 'returned' as const),
      asked: fc.constantFrom(null, 'once' as const, 'daily' as const),
      anomalies: fc.subarray([
        { anomaly: 'duplicate' as const, cents: 1000 },
        { anomaly: 'paid_twice' as const, cents: 300 },
      ]),
    })
    .map(({ code, unknown, ...given }) => ({
      ...row(id, code as 0, given),
      ...(unknown === 0 ? { code: 'PAID' } : {}),
    }))

const anyRows = fc
  .tuple(...IDS.map(anyRow), fc.integer({ min: 0, max: IDS.length }))
  .map((parts) => (parts.slice(0, IDS.length) as KnownRow[]).slice(0, parts.at(-1) as number))

const anyReceipt = (id: string): fc.Arbitrary<MovedReceipt> =>
  fc
    .array(
      fc.record({
        iur: anyIur,
        cents: fc.constantFrom(...CENTS),
        paidOn: anyDay,
        shareId: fc.constantFrom(null, 's1', 's2'),
      }),
      { maxLength: 2 },
    )
    .map((items) => ({ id, items: items.map((item, at) => ({ ...item, index: at + 1 })) }))

const anyProof: fc.Arbitrary<Proof | null> = fc.oneof(
  fc.constant(null),
  fc.constantFrom(...IDS, 'r9').map((rowId) => ({ by: 'row' as const, rowId })),
  fc.constantFrom('t1', 't2', 't9').map((receiptId) => ({ by: 'receipt' as const, receiptId })),
  fc.tuple(anyIur, anyIndex).map(([iur, transferIndex]) => ({
    by: 'older' as const,
    rowId: 'older',
    iur,
    transferIndex,
    cents: 1000,
  })),
)

const anyTransfers = fc
  .array(
    fc.record({
      cents: fc.constantFrom(...CENTS),
      proof: anyProof,
      live: fc.constantFrom('payable' as const, 'payable' as const, 'paying' as const, 'cancelled' as const),
    }),
    { maxLength: 3 },
  )
  .map((list) =>
    list.map(({ live, ...given }, at) =>
      share(`s${at + 1}`, {
        ...given,
        // The third share has the index of the first, as that of a due whose number another one had before.
        index: (at % 2) + 1,
        isHeld: given.proof === null && live === 'paying',
        ...(given.proof === null ? { dueState: live } : {}),
      }),
    ),
  )

const anyDecision: fc.Arbitrary<Decision> = fc
  .tuple(
    fc.constantFrom('accepted' as const, 'linked' as const, 'refunded' as const),
    fc.constantFrom(...IDS),
    fc.constantFrom(...ROW_CLASSES),
    fc.record({ isPaying: fc.boolean(), decidedAt: anyDay }),
  )
  .map(([kind, rowId, seen, given]) => decision(kind, rowId, seen, given))

/** A row settles one share at most, as in the database. */
const onceEach = (given: IuvFacts): boolean => {
  const proofs = given.transfers.flatMap(({ proof }) => (proof && 'rowId' in proof ? [proof.rowId] : []))
  return new Set(proofs).size === proofs.length
}

/** Facts of one IUV as they may be, likely and unlikely ones. */
export const anyFacts: fc.Arbitrary<IuvFacts> = fc
  .record({
    isOurs: fc.boolean(),
    transfers: anyTransfers,
    receipts: fc
      .tuple(anyReceipt('t1'), anyReceipt('t2'), fc.integer({ min: 0, max: 2 }))
      .map(([a, b, count]) => [a, b].slice(0, count)),
    rows: anyRows,
    decisions: fc.uniqueArray(anyDecision, { maxLength: 3, selector: ({ rowId }) => rowId }),
  })
  .map(facts)
  .filter(onceEach)

/** The same facts with their lists in another order. */
export const inOtherOrder = (given: IuvFacts): fc.Arbitrary<IuvFacts> =>
  fc
    .record({
      transfers: shuffled(given.transfers),
      receipts: shuffled(given.receipts),
      rows: shuffled(given.rows),
      decisions: shuffled(given.decisions),
    })
    .map((lists) => ({ ...given, ...lists }))

const shuffled = <Item>(list: readonly Item[]): fc.Arbitrary<Item[]> =>
  fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length })
