import { groupsBy } from '../table.ts'
import { keyOf } from './key.ts'
import type { Act, Movement } from './movement.ts'

/**
 * What makes it one movement of its bill: a known one changes nothing, whichever file has it. Kinds of file without storni tell corrections
 * apart by everything that they say. Source: docs/field/treasury.md#keys.
 */
export const movementKey = (movement: Movement): string => {
  const { source, key, act, stornoOf, bookedOn, cents, sospesi, text, valueOn } = movement
  const said = source === 'opi' ? sospesi.map(({ number }) => number).join() : `${valueOn} ${text}`
  return keyOf(key, act, stornoOf, bookedOn, cents, said)
}

/** What a bill is judged by: a movement of a file that is loaded. */
export interface BillMovement {
  key: string
  series: string
  act: Act
  bolletta: string | null
  stornoOf: string | null
  cents: number
  bookedOn: string
  trn: string | null
  endToEndId: string | null
  /** When the bank made the file, or else when it was loaded. Wall clock of Rome to the second. */
  madeAt: string
  /** Its place among the movements of one file, to tell apart what one file says twice. */
  place: number
}

/** Money on the account. */
export interface Bill<Given> {
  key: string
  /** The newest one that says what it is, and those that it corrects. */
  current: Given
  older: readonly Given[]
  storni: readonly Given[]
  /** What is left of it; 0 when it was taken back whole. */
  cents: number
}

/**
 * The bills that movements add up to, and the storni that wait for theirs. Neither the order of the movements nor that of their files
 * matters. Source: docs/field/treasury.md#bills.
 * @param movements all of the bills that are judged, and all storni that may belong to them
 */
export function judgeBills<Given extends BillMovement>(
  movements: readonly Given[],
): { bills: Bill<Given>[]; waiting: Given[] } {
  const credits = groupsBy(
    movements.filter(({ act }) => act === 'credit'),
    ({ key }) => key,
  )
  const current = [...credits.values()].map((given) => given.toSorted(newestFirst)[0]!)
  const storni = movements
    .filter(({ act }) => act === 'storno')
    .toSorted((one, other) => newestFirst(other, one))
  const left = new Map(current.map(({ key, cents }) => [key, cents]))
  const targetOf = targetsAmong(current, left)
  const taken = groupsBy(storni, (storno) => {
    const key = targetOf(storno)
    if (key !== undefined) left.set(key, left.get(key)! - storno.cents)
    return key
  })
  const bills = current.map((bill) => ({
    key: bill.key,
    current: bill,
    older: credits.get(bill.key)!.filter((other) => other !== bill),
    storni: taken.get(bill.key) ?? [],
    cents: Math.max(left.get(bill.key)!, 0),
  }))
  return { bills, waiting: taken.get(undefined) ?? [] }
}

/** The newest file first; of one file what stands last. */
const newestFirst = (one: BillMovement, other: BillMovement): number =>
  compared(other.madeAt, one.madeAt) ||
  other.place - one.place ||
  compared(other.bookedOn, one.bookedOn) ||
  other.cents - one.cents ||
  compared(other.key, one.key)

const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** Finds the bill that a storno takes back: by its number, by the bolletta that it names, or by the references of a statement. */
function targetsAmong(
  bills: readonly BillMovement[],
  left: ReadonlyMap<string, number>,
): (storno: BillMovement) => string | undefined {
  const oldestFirst = bills.toSorted(
    (one, other) => compared(one.bookedOn, other.bookedOn) || compared(one.key, other.key),
  )
  const byBolletta = groupsBy(oldestFirst, ({ series, bolletta }) => keyOf(series, bolletta))
  const byTrn = groupsBy(oldestFirst, ({ series, trn }) => keyOf(series, trn))
  const byEndToEnd = groupsBy(oldestFirst, ({ series, endToEndId }) => keyOf(series, endToEndId))
  return ({ key, series, stornoOf, trn, endToEndId, cents }) => {
    if (left.has(key)) return key
    if (stornoOf !== null) return byBolletta.get(keyOf(series, stornoOf))?.[0]?.key
    const referred = [
      ...(trn === null ? [] : (byTrn.get(keyOf(series, trn)) ?? [])),
      ...(endToEndId === null ? [] : (byEndToEnd.get(keyOf(series, endToEndId)) ?? [])),
    ]
    return referred.find((bill) => left.get(bill.key)! >= cents)?.key
  }
}
