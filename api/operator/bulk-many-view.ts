import type { DueTotals } from '../../db/due/search.ts'
import { BULK_KINDS, type BulkKind } from '../../domain/bulk/acts.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { fieldView, type Sent, type Typed } from '../form/field-view.ts'
import { WHOLE_ANYWAY } from './bulk-select.ts'

interface Listed {
  href: string
  /** The query of the list, with the place of its page: the page comes back from the confirmation. */
  query: Typed
  totals: DueTotals | undefined
  most: number | undefined
  /** True when nothing in the list can be cancelled. */
  isArchive: boolean
  /** How many dues are ticked. */
  ticked: number
}

/** The form under the list of dues that asks for an act on many of them. */
export function manyView({ href, query, totals, most, isArchive, ticked }: Listed, sent: Sent) {
  const problem = sent.problems['scelti'] ?? null
  return {
    action: `${href}/molti/conferma`,
    query: new URLSearchParams(
      Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ).toString(),
    act: fieldView(
      {
        id: 'atto',
        label: t('bulk.many.act'),
        options: kindsIn(isArchive).map((kind) => ({ value: kind, label: t(`bulk.kind.${kind}`) })),
      },
      sent.typed,
      sent.problems,
    ),
    problem,
    chosen: t('bulk.many.chosen'),
    all: t('bulk.many.all', { rows: shownRows(totals, most) }),
    // After ticks and the whole result were sent together, both buttons say what they mean and the second one is another answer.
    which:
      problem === null || ticked === 0
        ? null
        : {
            chosen: t('bulk.many.onlyChosen', { count: ticked }),
            all: t('bulk.many.allAnyway', { rows: shownRows(totals, most) }),
            value: WHOLE_ANYWAY,
          },
  }
}

const kindsIn = (isArchive: boolean): readonly BulkKind[] =>
  isArchive ? BULK_KINDS.filter((kind) => kind !== 'cancel') : BULK_KINDS

function shownRows(totals: DueTotals | undefined, most: number | undefined): string {
  const count = totals?.count ?? 0
  return most !== undefined && count > most
    ? t('bulk.many.over', { rows: wholeNumber(most) })
    : wholeNumber(count)
}
