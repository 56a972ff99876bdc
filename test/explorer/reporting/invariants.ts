import type { KnownRow } from '../../../domain/reporting/iuv-facts.ts'
import type { ClassifiedRow } from '../../../domain/reporting/reconciled.ts'
import { reconcile } from '../../../domain/reporting/reconcile.ts'
import { hasReceipt, isDecided } from './wrong-acts.ts'
import { shareOf, type World } from './world.ts'

type Invariant = (world: World, rows: readonly ClassifiedRow[]) => boolean

/** What holds in every judged world; each says whether it is broken. */
const BROKEN: Record<string, Invariant> = {
  'money settles one due, once, unless a person sees that it is on two': (world, rows) => {
    const tied = rowOf(world, world.other)
    const link = world.facts.decisions.find(({ rowId }) => rowId === world.other)
    if (!tied || link?.seen === 'duplicate') return false
    const isOnTwo = settlingRow(world)?.iur === tied.iur || hasReceipt(world.facts, tied.iur)
    return (
      isOnTwo &&
      !rows.some(({ rowId, isContradicted }) => isContradicted && rowOf(world, rowId)?.iur === tied.iur)
    )
  },
  'paid means settled': (world) => {
    const { proof, dueState } = shareOf(world)
    return (proof !== null) !== (dueState === 'paid')
  },
  'a receipt takes the place of a row, and stays': (world) => {
    const { proof } = shareOf(world)
    const isMeant = world.facts.receipts.some(({ items }) => items.some(({ shareId }) => shareId === 's1'))
    return isMeant && proof?.by !== 'receipt'
  },
  'a row settles only without a receipt by itself': (world) => {
    const settling = settlingRow(world)
    return settling !== undefined && !world.withoutReceipt.includes(settling.iur)
  },
  'a row of an old revision settles nothing, unless a person decided': (world) => {
    const settling = settlingRow(world)
    return settling !== undefined && !settling.isCurrent && !isDecided(world.facts, settling.iur)
  },
  'a decision about a payment that is gone is shown as contradicted': (world, rows) =>
    world.facts.decisions.some(
      ({ rowId }) =>
        !isListed(world, rowOf(world, rowId)!.iur) &&
        !rows.some((row) => row.rowId === rowId && row.isContradicted),
    ),
  'money that a person returned is not a receipt nor gone without a word': (world, rows) =>
    world.facts.rows.some(
      ({ id, iur, withdrawn }) =>
        withdrawn === 'returned' &&
        (hasReceipt(world.facts, iur) || !isListed(world, iur)) &&
        !rows.some((row) => row.rowId === id && row.isContradicted),
    ),
  'the cents of each row are somewhere, once': (world, rows) =>
    rows.some(({ rowId, places, class: rowClass }) => {
      const sum = Object.values(places).reduce((total, cents) => total + cents, 0)
      return sum !== (rowClass === 'superseded' ? 0 : rowOf(world, rowId)!.importoCents)
    }),
  'unplaced cents call a person, and no others do': (world, rows) =>
    rows.some(({ rowId, places }) => {
      const { anomalies } = rowOf(world, rowId)!
      return anomalies.length > 1 || (anomalies[0]?.cents ?? 0) !== places.unplaced
    }),
  'money that was taken off is not also on a due, with a receipt, or on the list of rows': (world, rows) =>
    world.facts.rows.some(({ iur, withdrawn }) => {
      if (withdrawn !== 'open') return false
      const ofPayment = rows.filter(({ rowId }) => rowOf(world, rowId)!.iur === iur)
      const counting = ofPayment.filter((row) => row.class !== 'duplicate' && row.class !== 'revoked')
      return (
        hasReceipt(world.facts, iur) ||
        settlingRow(world)?.iur === iur ||
        counting.some(({ places }) => places.unplaced > 0)
      )
    }),
  'what is done is not asked for again': ({ facts }) => reconcile([facts])[0]!.acts.length > 0,
}

/** The first invariant that a judged world breaks. */
export function brokenIn(world: World): string | undefined {
  const { judged } = world
  if (!judged) return undefined
  return Object.entries(BROKEN).find(([, isBroken]) => isBroken(world, judged))?.[0]
}

const rowOf = ({ facts: { rows } }: Pick<World, 'facts'>, id: string | null): KnownRow | undefined =>
  rows.find((row) => row.id === id)

function settlingRow(world: World): KnownRow | undefined {
  const { proof } = shareOf(world)
  return proof?.by === 'row' ? rowOf(world, proof.rowId) : undefined
}

const isListed = ({ facts: { rows } }: World, iur: string): boolean =>
  rows.some((row) => row.iur === iur && row.isCurrent)
