import { formatDay } from '../../domain/calendar.ts'
import type { SearchPart } from '../../domain/search-terms.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'

/** Texts with more parts get no advice about each of them, because each costs a search. */
const MOST_PARTS = 6
/** An advice counts to this number; more is "more than". */
export const MOST_COUNTED = 50

/** A link to the same search without one of its parts, and how much that finds. */
export interface Tip {
  text: string
  href: string
}

/** The parts of a text without one of them, for each that may be too much; empty for a text of one part. */
export const withoutEach = <P>(parts: readonly P[]): { left: P; others: P[] }[] =>
  parts.length < 2 || parts.length > MOST_PARTS
    ? []
    : parts.map((left) => ({ left, others: parts.filter((part) => part !== left) }))

/** How each part was understood: «Bianchi» (parola), «21,75» (importo). */
export const partsText = (parts: readonly SearchPart[]): string => parts.map(partText).join(', ')

function partText(part: SearchPart): string {
  const [day, another] = part.kind === 'day' ? part.days : []
  const what = t(`staff.search.part.${part.kind}`)
  // A day by its name is written out, so that the reader sees which one was searched.
  const said = day !== undefined && another === undefined ? `${what} ${formatDay(day)}` : what
  return `«${part.typed}» (${said})`
}

export const typedText = (parts: readonly SearchPart[]): string => parts.map(({ typed }) => typed).join(' ')

/** "3", or "più di 50". */
export const countText = (count: number): string =>
  count > MOST_COUNTED ? t('staff.search.moreThan', { most: wholeNumber(MOST_COUNTED) }) : wholeNumber(count)
