import type { DueRow } from '../../db/due/dues.ts'
import type { DueTotals } from '../../db/due/search.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { printedCode } from '../../domain/person.ts'
import { dayOrDash, dueChip } from '../../templates/due-words.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { MOST_SHEET_ROWS } from '../../templates/documents/workbook.ts'
import { t } from '../../templates/language.ts'
import type { Typed } from '../form/field-view.ts'
import { withQuery } from '../list/pages.ts'
import { searchText, type View } from './dues-query.ts'
import type { FoundBy } from './dues-search.ts'

const isClosed = ({ state }: DueRow): boolean => state === 'paid' || state === 'cancelled'

/** True when both tabs were searched. */
const isInBoth = (foundBy: FoundBy | undefined): boolean =>
  foundBy !== undefined && foundBy.filter.tab === undefined

/** The tabs. A text of the box goes with the person from one to the other. Neither is the current one when both were searched. */
export const tabsView = (href: string, vista: View, q: string, foundBy: FoundBy | undefined) =>
  (['online', 'archivio'] as const).map((tab) => ({
    text: t(`dues.list.${tab}`),
    href: withQuery(href, { ...(tab === 'archivio' ? { vista: tab } : {}), ...(q === '' ? {} : { q }) }),
    isCurrent: tab === vista && !isInBoth(foundBy),
  }))

/** The sentence that says how the text of the box was understood, when both tabs were searched for it. */
export const foundView = (q: string, foundBy: FoundBy | undefined): string | null =>
  foundBy?.box === 'code' ? t('dues.list.foundCode', { q }) : null

/**
 * The number and the sum of the dues that a search finds.
 * @param exactHref the address of the page with the exact number and sum, for when they are more than `most`
 */
export const totalsView = (
  { count, cents: sum }: DueTotals,
  { most, exactHref }: { most: number | undefined; exactHref: string },
): { text: string; exactHref: string | null } =>
  most !== undefined && count > most
    ? { text: t('dues.list.overTotal', { most: wholeNumber(most) }), exactHref }
    : {
        text: t('dues.list.total', { count, shown: wholeNumber(count), importo: euro(sum) }),
        exactHref: null,
      }

/** The form that books a workbook of the dues found, or the sentence that they are too many for one. */
export const sheetView = (query: Typed, { href, count }: { href: string; count: number }) =>
  count > MOST_SHEET_ROWS
    ? { form: null, tooMany: t('dues.list.sheetTooMany', { most: wholeNumber(MOST_SHEET_ROWS) }) }
    : { form: { action: `${href}/foglio`, query: searchText(query) }, tooMany: null }

/** What the state alone does not say: in which tab the due is, why it cannot be paid, what it is. */
const notesOf = (row: DueRow, foundBy: FoundBy | undefined): string[] => [
  ...(isInBoth(foundBy) ? [t(`dues.list.in.${isClosed(row) ? 'archivio' : 'online'}`)] : []),
  ...(row.state === 'payable' && row.isExpired ? [t('dues.list.expired')] : []),
  ...(row.state === 'payable' && row.spontaneous && row.iuv === null ? [t('dues.list.triedOnly')] : []),
]

/** A due in the list of operators. */
export const dueRowView = (
  row: DueRow,
  href: string,
  { foundBy, ticked }: { foundBy: FoundBy | undefined; ticked: ReadonlySet<string> },
) => ({
  id: row.id,
  isTicked: ticked.has(row.id),
  pick: t('bulk.many.pickThis', { causale: row.causale, debtor: row.anagrafica }),
  href: `${href}/${row.id}`,
  codice: printedCode(row.codice),
  anagrafica: row.anagrafica,
  iuv: row.iuv ?? row.paidIuv ?? '–',
  causale: row.causale,
  importo: euro(row.importoCents) + (row.hasSecondary ? ' *' : ''),
  dueOn: dayOrDash(row.dueOn),
  state: dueChip(row),
  notes: notesOf(row, foundBy),
  changedAt: formatInstant(row.changedAt),
})
