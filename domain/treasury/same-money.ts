import { SOURCES, type Source } from './movement.ts'

/** A credit of one day and one amount. */
export interface SameMoneyCredit {
  id: string
  source: Source
  trn: string | null
  /** Its text in the form in which ids are looked for. */
  plain: string
}

/**
 * Which credits are the same money in another kind of file, as pairs of the one that does not count and the one that does. The kind of file
 * that says most counts. Each credit is at most one other of each kind, so that two equal transfers stay two.
 * Source: docs/field/treasury.md#same-money.
 * @param credits those of one day and one amount, without what was taken back
 */
export function sameMoney(credits: readonly SameMoneyCredit[]): Map<string, string> {
  const sorted = credits.toSorted((one, other) => rank(one) - rank(other) || (one.id < other.id ? -1 : 1))
  const twins = new Map<string, string>()
  const kinds = new Map<string, Set<Source>>()
  for (const isSame of [hasSameTrn, hasSameText])
    for (const credit of sorted) {
      if (twins.has(credit.id) || kinds.has(credit.id)) continue
      const first = sorted.find(
        (other) =>
          rank(other) < rank(credit) &&
          !twins.has(other.id) &&
          !kinds.get(other.id)?.has(credit.source) &&
          isSame(other, credit),
      )
      if (!first) continue
      twins.set(credit.id, first.id)
      kinds.set(first.id, (kinds.get(first.id) ?? new Set()).add(credit.source))
    }
  return twins
}

const rank = ({ source }: SameMoneyCredit): number => SOURCES.indexOf(source)
const hasSameTrn = (one: SameMoneyCredit, other: SameMoneyCredit): boolean =>
  one.trn !== null && one.trn === other.trn
const hasSameText = (one: SameMoneyCredit, other: SameMoneyCredit): boolean =>
  one.plain !== '' && one.plain === other.plain
