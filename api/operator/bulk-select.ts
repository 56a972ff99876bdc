import { z } from 'zod'
import type { DueReader } from '../../db/due/dues.ts'
import type { DueFilter } from '../../db/due/search.ts'
import { BULK_KINDS, type BulkKind } from '../../domain/bulk/acts.ts'
import { isOneOf } from '../../domain/table.ts'
import { t } from '../../templates/language.ts'
import type { AppDeps } from '../deps.ts'
import type { Problems } from '../form/field-view.ts'
import { trimmedText, type Typed } from '../form/read-request.ts'
import { readFilters } from '../list/filters.ts'
import { dueFilter, DUES_FILTERS, DUES_SPANS, sentQuery, viewOf } from './dues-query.ts'
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
  const isAll = trimmedText(typed, 'chi') === 'tutti'
  const ids = isAll ? undefined : Ids.parse(typed['dovuto'])
  if (isOneOf(BULK_KINDS, kind) && ids?.length !== 0)
    return { selection: { kind, ids, query: sentQuery(typed) } }
  return {
    problems: {
      ...(isOneOf(BULK_KINDS, kind) ? {} : { atto: t('bulk.many.problem.act') }),
      ...(ids?.length === 0 ? { scelti: t('bulk.many.problem.none') } : {}),
    },
  }
}

/**
 * The filter of a selection, and the hash of the person whom its search is for; undefined when a field of the search cannot be read.
 * Whatever ids a form carries, the filter finds only dues that the reader may see.
 */
export async function filterOf(
  { db, config }: Pick<AppDeps, 'db' | 'config'>,
  reader: DueReader,
  { ids, query }: Selection,
): Promise<{ filter: DueFilter; person: string | undefined } | undefined> {
  const { values, problems } = readFilters(DUES_FILTERS, ids ? {} : query, { t, spans: DUES_SPANS })
  if (Object.keys(problems).length > 0) return undefined
  if (ids) return { filter: { ...dueFilter(values, undefined), ids }, person: undefined }
  const foundBy = await readSearch({ db, config }, reader, values, viewOf(query))
  return { filter: foundBy.filter, person: personIn(config, values, foundBy) }
}
