import { isPaying, type JudgedRow } from './classify-row.ts'
import type { Place, Places } from './reconciled.ts'
import type { RowClass } from './row-class.ts'

const NOWHERE: Places = { placed: 0, awaited: 0, unplaced: 0, decided: 0, elsewhere: 0, revoked: 0 }

/** Where the cents are that no receipt placed; null for a row that counts for nothing. */
const PLACES: Record<RowClass, (row: JudgedRow, isOurs: boolean) => Place | null> = {
  superseded: () => null,
  code_unknown: () => 'unplaced',
  amount_invalid: () => null,
  revoked: () => 'revoked',
  duplicate: () => 'unplaced',
  matched: () => 'placed',
  due_unknown: (_row, isOurs) => (isOurs ? 'unplaced' : 'elsewhere'),
  amount_differs: () => 'unplaced',
  paid_twice: () => 'unplaced',
  receipt_missing: (row) => (isPaying(row) ? 'placed' : 'awaited'),
  paid_without_receipt: placeOfUnproved,
}

/** Classes in which the row's own receipt accounts for its money, unless another row of the payment counts. */
const WITH_RECEIPT: readonly RowClass[] = ['code_unknown', 'matched', 'due_unknown', 'amount_differs']

/** @param isAccepted a person's decision holds for the row */
export function placesOf(
  judged: JudgedRow & { class: RowClass },
  { isOurs, isAccepted }: { isOurs: boolean; isAccepted: boolean },
): Places {
  const { row, own, counts, isElsewhere } = judged
  const place = PLACES[judged.class](judged, isOurs)
  if (place === null || row.importoCents === null) return NOWHERE
  const cents = row.importoCents
  const placed = counts && WITH_RECEIPT.includes(judged.class) ? Math.min(own?.cents ?? 0, cents) : 0
  const rest = (isAccepted || isElsewhere) && isOpen(place) ? 'decided' : place
  const places = { ...NOWHERE, placed }
  places[rest] += cents - placed
  return places
}

function placeOfUnproved(row: JudgedRow): Place {
  if (isPaying(row)) return 'placed'
  if (row.isDecided) return 'decided'
  return row.transfer?.dueState === 'cancelled' ? 'unplaced' : 'awaited'
}

const isOpen = (place: Place): boolean => place !== 'placed' && place !== 'revoked'
