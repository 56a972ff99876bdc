import type { Movement } from './movement.ts'

/** What is said of a sospeso or by a reversale. */
export type Step = Pick<Movement, 'act' | 'number' | 'reversale' | 'sospesi' | 'bookedOn' | 'place'>

/**
 * By which reversale a sospeso has been put into the books: '' when only the sospeso says that it was, null when it was not. Of one day what
 * a reversale says counts more than what the sospeso says. Source: docs/field/treasury.md#bills.
 * @param steps what its bill and the reversali of its year say, in any order
 */
export function settledBy(number: string, steps: readonly Step[]): string | null {
  let by: string | null = null
  for (const step of steps.toSorted(inTime)) {
    const names =
      step.reversale === null ? step.number === number : step.sospesi.some((of) => of.number === number)
    if (step.act === 'settled' && names) by = step.reversale ?? by ?? ''
    const isItsOwn = step.reversale !== null && step.reversale === by && step.sospesi.length === 0
    if (step.act === 'released' && (names || isItsOwn)) by = null
  }
  return by
}

const inTime = (one: Step, other: Step): number =>
  one.bookedOn.localeCompare(other.bookedOn) || one.place.number - other.place.number
