import { Router } from 'express'
import { z } from 'zod'
import {
  deleteSearch,
  MOST_NAME,
  MOST_QUERY,
  saveSearch,
  type SavedSearch,
} from '../../db/due/saved-searches.ts'
import { t } from '../../templates/language.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'
import { mustRead, trimmedText, typedIn, type Typed } from '../form/read-request.ts'
import { readFilters } from '../list/filters.ts'
import { withQuery } from '../list/pages.ts'
import { redirectWith } from '../page/flash.ts'
import { DUES_PATH, duesHref } from './due-address.ts'
import { DUES_FILTERS, DUES_SPANS } from './dues-query.ts'

const Params = z.object({ searchId: z.uuid() })
const SAVED = [...Object.keys(DUES_FILTERS), 'vista']

/** Saves and deletes the searches of dues that a person keeps. The list of dues shows them. */
export function savedSearchForms({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.post(`${DUES_PATH}/ricerche`, async (req, res) => {
    const typed = typedIn(req)
    const name = trimmedText(typed, 'nome')
    const query = savedQuery(Object.fromEntries(new URLSearchParams(trimmedText(typed, 'ricerca'))))
    const href = withQuery(duesHref(res), query)
    const text = new URLSearchParams(query).toString()
    const isName = name !== '' && name.length <= MOST_NAME && !name.includes('\0')
    if (!isName || text === '' || text.length > MOST_QUERY)
      return redirectWith(req, res, href, { key: isName ? 'unreadable' : 'name' })
    const owner = { enteId: theAccess(res).enteId, by: theOperator(res) }
    redirectWith(req, res, href, {
      key: await saveSearch(db, owner, { name, query: text }),
      values: { name },
    })
  })

  router.post(`${DUES_PATH}/ricerche/:searchId/elimina`, async (req, res) => {
    const { searchId } = mustRead(Params, req.params)
    await deleteSearch(db, { enteId: theAccess(res).enteId, by: theOperator(res) }, searchId)
    redirectWith(req, res, duesHref(res), { key: 'deleted' })
  })

  return router
}

/** The part of an address that is a search; nothing when a filter of it cannot be read. */
export function savedQuery(query: Typed): Record<string, string> {
  const { problems } = readFilters(DUES_FILTERS, query, { t, spans: DUES_SPANS })
  if (Object.keys(problems).length > 0) return {}
  return Object.fromEntries(
    SAVED.map((key) => [key, query[key]]).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  )
}

/** The saved searches as the list of dues shows them, and the form that saves the present search; null when there is none to save. */
export function savedView(
  given: Typed,
  { href, searches, isSearched }: { href: string; searches: readonly SavedSearch[]; isSearched: boolean },
) {
  const query = new URLSearchParams(savedQuery(given)).toString()
  return {
    action: `${href}/ricerche`,
    most: MOST_NAME,
    query: isSearched && query !== '' ? query : null,
    count: String(searches.length),
    searches: searches.map(({ id, name, query: saved }) => ({
      name,
      href: `${href}?${saved}`,
      deleteHref: `${href}/ricerche/${id}/elimina`,
    })),
  }
}
