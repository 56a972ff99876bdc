import type { Preview } from '../../db/bulk/ask.ts'
import { BULK_ACTS, mustTypeNumber } from '../../domain/bulk/acts.ts'
import { euro, wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { fieldView, summaryView, type Problems } from '../form/field-view.ts'
import type { Selection } from './bulk-select.ts'
import { queryText } from './dues-query.ts'

interface Sent {
  /** What was typed as the number of dues. */
  number: string
  isNumberWrong: boolean
  /** True when the result holds other dues than the page showed that was confirmed. */
  hasChanged: boolean
}

/** The page that says how many, how much and what stays, and its HTTP status. */
export function confirmView(selection: Selection, preview: Preview, sent: Sent) {
  const { kind, ids, query } = selection
  const { count, cents, left, rows, at } = preview
  const shown = wholeNumber(count)
  const { most } = BULK_ACTS[kind]
  const isTooLarge = rows > most
  const problems: Problems = sent.isNumberWrong ? { numero: t('bulk.confirm.numberWrong', { shown }) } : {}
  const problem = isTooLarge
    ? t('bulk.confirm.tooMany', { most: wholeNumber(most) })
    : count === 0
      ? t('bulk.confirm.nothing')
      : null
  const view = {
    ...summaryView(problems),
    problem,
    changed: sent.hasChanged && problem === null ? t('bulk.confirm.changed') : null,
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
    number: mustTypeNumber(kind, count) ? numberField(shown, sent, problems) : null,
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

const numberField = (shown: string, { number, hasChanged }: Sent, problems: Problems) =>
  fieldView(
    {
      id: 'numero',
      label: t('bulk.confirm.number'),
      help: t('bulk.confirm.numberHelp', { shown }),
      inputMode: 'numeric',
      maxLength: 12,
    },
    // The number of another result must be typed anew.
    { numero: hasChanged ? '' : number },
    problems,
  )

const hiddenFields = (
  asked: Record<string, string>,
  ids: readonly string[] = [],
  seen: Record<string, string>,
): { name: string; value: string }[] => [
  ...Object.entries({ ...asked, ...seen }).map(([name, value]) => ({ name, value })),
  ...ids.map((value) => ({ name: 'dovuto', value })),
]

function statusOf({ isNumberWrong, hasChanged }: Sent, problem: string | null): number {
  if (isNumberWrong || problem !== null) return 422
  return hasChanged ? 409 : 200
}
