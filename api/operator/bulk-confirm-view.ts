import type { Preview } from '../../db/bulk/ask.ts'
import { BULK_ACTS } from '../../domain/bulk/acts.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { summaryView, type Problems, type Typed } from '../form/field-view.ts'
import { brakeFields } from './brakes.ts'
import { changedView, type Changed } from './bulk-changed.ts'
import type { Selection } from './bulk-select.ts'
import { queryText } from './dues-query.ts'

interface Sent {
  typed: Typed
  problems: Problems
  /** Set when the result holds other dues than the page showed that was confirmed. */
  changed: Changed | undefined
}

/** The page that says how many, how much and what stays, and its HTTP status. */
export function confirmView(selection: Selection, preview: Preview, sent: Sent) {
  const { kind, ids, query } = selection
  const { count, cents, left, rows, at } = preview
  const shown = wholeNumber(count)
  const { most } = BULK_ACTS[kind]
  const problem =
    rows > most
      ? t('bulk.confirm.tooMany', { most: wholeNumber(most) })
      : count === 0
        ? t('bulk.confirm.nothing')
        : null
  const view = {
    ...summaryView(problem === null ? sent.problems : {}),
    problem,
    changed: sent.changed && problem === null ? changedView(sent.changed) : null,
    todo: t(`bulk.confirm.todo.${kind}`, { count, shown, importo: euro(cents) }),
    effect: t(`bulk.confirm.effect.${kind}`),
    left: left.map((group) =>
      t('bulk.confirm.leftRow', {
        count: group.count,
        shown: wholeNumber(group.count),
        importo: euro(group.cents),
        reason: t(`bulk.reason.${group.reason}`),
      }),
    ),
    // The number of another result must be typed anew.
    fields: brakeFields(
      { kind, count },
      sent.changed ? { ...sent.typed, numero: '' } : sent.typed,
      sent.problems,
    ),
    go: t(`bulk.confirm.go.${kind}`, { count, shown }),
    isFinal: BULK_ACTS[kind].isFinal,
    hidden: hiddenFields({ atto: kind, chi: ids ? 'scelti' : 'tutti', ricerca: queryText(query) }, ids, {
      visti: String(count),
      somma: String(cents),
      quando: at,
    }),
  }
  return { view, status: statusOf(sent, problem) }
}

const hiddenFields = (
  asked: Record<string, string>,
  ids: readonly string[] = [],
  seen: Record<string, string>,
): { name: string; value: string }[] => [
  ...Object.entries({ ...asked, ...seen }).map(([name, value]) => ({ name, value })),
  ...ids.map((value) => ({ name: 'dovuto', value })),
]

function statusOf({ problems, changed }: Sent, problem: string | null): number {
  if (Object.keys(problems).length > 0 || problem !== null) return 422
  return changed ? 409 : 200
}
