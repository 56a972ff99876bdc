import type { DueTotals } from '../../db/due/search.ts'
import { BULK_KINDS } from '../../domain/bulk/acts.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { fieldView, type Sent, type Typed } from '../form/field-view.ts'

interface Listed {
  href: string
  /** The query of the list, with the place of its page: the page comes back from the confirmation. */
  query: Typed
  totals: DueTotals | undefined
  most: number | undefined
}

/** The form under the list of dues that asks for an act on many of them. */
export function manyView({ href, query, totals, most }: Listed, sent: Sent) {
  return {
    action: `${href}/molti/conferma`,
    query: new URLSearchParams(
      Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ).toString(),
    act: fieldView(
      {
        id: 'atto',
        label: t('bulk.many.act'),
        options: BULK_KINDS.map((kind) => ({ value: kind, label: t(`bulk.kind.${kind}`) })),
      },
      sent.typed,
      sent.problems,
    ),
    problem: sent.problems['scelti'] ?? null,
    all: allText(totals, most),
  }
}

function allText(totals: DueTotals | undefined, most: number | undefined): string {
  const count = totals?.count ?? 0
  return most !== undefined && count > most
    ? t('bulk.many.allOver', { rows: wholeNumber(most) })
    : t('bulk.many.all', { rows: wholeNumber(count) })
}
