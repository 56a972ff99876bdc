import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFacts, inOtherOrder } from '../../test/reconciliation/any-facts.ts'
import { done } from '../../test/reconciliation/done.ts'
import { toldAct, toldRow } from '../../test/reconciliation/told.ts'
import type { IuvFacts } from './iuv-facts.ts'
import type { ReconciledIuv } from './reconciled.ts'
import { reconcile } from './reconcile.ts'

const one = (facts: IuvFacts): ReconciledIuv => reconcile([facts])[0]!

const told = ({ rows, acts }: ReconciledIuv): string[] => [...rows.map(toldRow), ...acts.map(toldAct)].sort()

const RUNS = { numRuns: 1_000 }

const holdsFor = (check: (facts: IuvFacts) => void): void => fc.assert(fc.property(anyFacts, check), RUNS)

describe('whatever is known of an IUV', () => {
  it('the order of the facts does not matter', () => {
    const both = anyFacts.chain((facts) => fc.tuple(fc.constant(facts), inOtherOrder(facts)))
    fc.assert(
      fc.property(both, ([facts, other]) => {
        expect(told(one(other))).toEqual(told(one(facts)))
      }),
      RUNS,
    )
  })

  it('what is done is not asked for again, and changes no class', () => {
    holdsFor((facts) => {
      const first = one(facts)
      const again = one(done(facts, first.acts))
      expect(again.acts.map(toldAct)).toEqual([])
      expect(again.rows.map((row) => row.class)).toEqual(first.rows.map((row) => row.class))
    })
  })

  it('what was done once may be done twice', () => {
    holdsFor((facts) => {
      const { acts } = one(facts)
      expect(done(done(facts, acts), acts)).toEqual(done(facts, acts))
    })
  })

  it('every row has one class', () => {
    holdsFor((facts) => {
      expect(
        one(facts)
          .rows.map(({ rowId }) => rowId)
          .sort(),
      ).toEqual(facts.rows.map(({ id }) => id).sort())
    })
  })

  it('the cents of each row that counts are somewhere, once', () => {
    holdsFor((facts) => {
      for (const { rowId, places, class: rowClass } of one(facts).rows) {
        const { importoCents } = facts.rows.find(({ id }) => id === rowId)!
        const sum = Object.values(places).reduce((total, cents) => total + cents, 0)
        expect(sum).toBe(rowClass === 'superseded' ? 0 : (importoCents ?? 0))
        expect(Math.min(...Object.values(places))).toBeGreaterThanOrEqual(0)
      }
    })
  })

  it('nobody is called for cents that have a place, and for all that have none', () => {
    holdsFor((facts) => {
      const { rows, acts } = one(facts)
      const now = done(facts, acts)
      for (const { rowId, places } of rows) {
        const { anomalies } = now.rows.find(({ id }) => id === rowId)!
        expect(anomalies.length).toBeLessThanOrEqual(1)
        expect(anomalies[0]?.cents ?? 0).toBe(places.unplaced)
      }
    })
  })

  it('a share is paid by one payment, and a row pays one share', () => {
    holdsFor((facts) => {
      const { rows, acts } = one(facts)
      const proofs = done(facts, acts).transfers.flatMap(({ proof }) =>
        proof?.by === 'row' ? [proof.rowId] : [],
      )
      expect(new Set(proofs).size).toBe(proofs.length)
      for (const shareId of new Set(rows.map((row) => row.shareId)))
        expect(
          rows.filter(
            (row) => row.shareId === shareId && row.class === 'paid_without_receipt' && row.places.placed > 0,
          ).length,
        ).toBeLessThanOrEqual(1)
    })
  })

  it('a row settles what it was asked to pay, or what it paid in an older revision, and nobody else has', () => {
    holdsFor((facts) => {
      for (const act of one(facts).acts) {
        if (act.kind !== 'settle') continue
        const transfer = facts.transfers.find(({ shareId }) => shareId === act.shareId)!
        const row = facts.rows.find(({ id }) => id === act.rowId)!
        const before = facts.rows.find(({ id }) => id === act.insteadOf)
        expect(row.isCurrent).toBe(true)
        expect(row.code).not.toBe('REVOKED')
        expect([transfer.cents, before?.importoCents]).toContain(act.cents)
        expect(transfer.isHeld || transfer.dueState === 'cancelled').toBe(false)
        expect(transfer.proof).toEqual(act.insteadOf === null ? null : { by: 'row', rowId: act.insteadOf })
      }
    })
  })

  it('a receipt is never taken back and never gives way to a row', () => {
    holdsFor((facts) => {
      const now = done(facts, one(facts).acts)
      for (const { proof, shareId } of facts.transfers) {
        if (proof?.by !== 'receipt') continue
        expect(now.transfers.find((transfer) => transfer.shareId === shareId)!.proof).toEqual(proof)
      }
    })
  })

  it('the machine does nothing by a row about which a person decided, but for its receipt', () => {
    holdsFor((facts) => {
      const decided = facts.decisions.filter(({ seen }) => seen !== 'duplicate').map(({ rowId }) => rowId)
      const touched = one(facts).acts.flatMap((act) =>
        act.kind === 'settle' || act.kind === 'take_back' ? [act.rowId] : [],
      )
      expect(touched.filter((rowId) => decided.includes(rowId))).toEqual([])
    })
  })

  it('the machine settles nothing by a payment whose money a person took off its due', () => {
    holdsFor((facts) => {
      const { acts } = one(facts)
      const returned = facts.rows.filter(({ withdrawn }) => withdrawn === 'returned').map(({ id }) => id)
      const settling = acts.flatMap((act) => (act.kind === 'settle' ? [act.rowId] : []))
      expect(settling.filter((rowId) => returned.includes(rowId))).toEqual([])
    })
  })

  it('a decision that is not the newest of its payment, or agrees with the facts, is contradicted by nothing', () => {
    holdsFor((facts) => {
      const rows = facts.rows.map((row) => ({ ...row, withdrawn: null }))
      const undecided = one({ ...facts, rows, decisions: [] })
      expect(undecided.rows.some(({ isContradicted }) => isContradicted)).toBe(false)
      expect(one(facts).rows.map(({ class: rowClass }) => rowClass === 'superseded')).toEqual(
        undecided.rows.map(({ class: rowClass }) => rowClass === 'superseded'),
      )
    })
  })
})
