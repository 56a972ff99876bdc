import { z } from 'zod'
import type { DueReader } from '../../db/due/dues.ts'
import type { DueFilter, DueOrder } from '../../db/due/search.ts'
import { BULK_KINDS, type BulkKind } from '../../domain/bulk/acts.ts'
import { isOneOf } from '../../domain/table.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import type { Problems } from '../form/field-view.ts'
import { trimmedText, type Typed } from '../form/read-request.ts'
import { readFilters } from '../list/filters.ts'
import { dueFilter, DUES_FILTERS, DUES_SPANS, orderOf, sentQuery, viewOf } from './dues-query.ts'
import { personIn, readSearch } from './dues-search.ts'

/** What the form under the list of dues asks for. */
export interface Selection {
  kind: BulkKind
  /** The chosen dues; undefined for the whole result of the search. */
  ids: readonly string[] | undefined
  /** The query of the list. */
  query: Record<string, string>
}

const Ids = z
  .preprocess((value) => [value].flat(), z.array(z.unknown()))
  .transform((values) => values.flatMap((value) => z.uuid().safeParse(value).data ?? []))

/** Reads the form. A selection without an act or without any due has a problem beside its field. */
export function readSelection(typed: Typed): { selection: Selection } | { problems: Problems } {
  const kind = trimmedText(typed, 'atto')
  const who = trimmedText(typed, 'chi')
  const ticked = tickedIds(typed)
  const problem = tickProblem(who, ticked.length)
  if (isOneOf(BULK_KINDS, kind) && problem === undefined)
    return { selection: { kind, ids: isWhole(who) ? undefined : ticked, query: sentQuery(typed) } }
  return {
    problems: {
      ...(isOneOf(BULK_KINDS, kind) ? {} : { atto: t('bulk.many.problem.act') }),
      ...(problem === undefined
        ? {}
        : { scelti: t(`bulk.many.problem.${problem}`, { count: ticked.length }) }),
    },
  }
}

/** The whole result; with the second value the person has said so although dues are ticked. */
const WHOLE = 'tutti'
export const WHOLE_ANYWAY = 'tutti-comunque'

const isWhole = (who: string): boolean => who === WHOLE || who === WHOLE_ANYWAY

/** The dues whose boxes are ticked. */
export const tickedIds = (typed: Typed): string[] => Ids.parse(typed['dovuto'])

/** Ticks beside the whole result say two things, and one of them would be a mistake, so the person is asked which. */
function tickProblem(who: string, ticked: number): 'none' | 'both' | undefined {
  if (!isWhole(who)) return ticked === 0 ? 'none' : undefined
  return who === WHOLE && ticked > 0 ? 'both' : undefined
}

/**
 * The filter of a selection with its order, and the hash of the person whom its search is for; undefined when a field of the search cannot be read.
 * Whatever ids a form carries, the filter finds only dues that the reader may see.
 */
export async function filterOf(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  reader: DueReader,
  { ids, query }: Selection,
): Promise<{ filter: DueFilter; order: DueOrder; person: string | undefined } | undefined> {
  const { values, problems } = readFilters(DUES_FILTERS, ids ? {} : query, { t, spans: DUES_SPANS })
  if (Object.keys(problems).length > 0) return undefined
  const order = orderOf(values)
  if (ids) return { filter: { ...dueFilter(values, undefined), ids }, order, person: undefined }
  const foundBy = await readSearch({ db, config }, reader, values, viewOf(query))
  return { filter: foundBy.filter, order, person: personIn(config, values, foundBy) }
}
