import { Router } from 'express'
import { z } from 'zod'
import { deleteSearch, MOST_NAME, MOST_QUERY, saveSearch } from '../../db/due/saved-searches.ts'
import { t } from '../../templates/language.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import type { AppDeps } from '../deps.ts'
import { mustRead, trimmedText, typedIn } from '../form/read-request.ts'
import { withQuery } from '../list/pages.ts'
import { redirectDone } from '../page/flash.ts'
import { DUES_PATH, duesHref } from './due-address.ts'
import { queryText, sentSearch } from './dues-query.ts'
import { showDues } from './dues.ts'
import { savableSearch } from './saved-view.ts'

const Params = z.object({ searchId: z.uuid() })

/** Why a search is not saved. Each has a sentence under `dues.saved.problem`. */
type Unsaved = 'name' | 'unreadable' | 'full'

/** Saves and deletes the searches of dues that a person keeps. The list of dues shows them. */
export function savedSearchForms(deps: Pick<AppDeps, 'db' | 'config'>): Router {
  const { db } = deps
  const router = Router()

  router.post(`${DUES_PATH}/ricerche`, async (req, res) => {
    const typed = typedIn(req)
    const sent = sentSearch(typed)
    const name = trimmedText(typed, 'nome')
    const query = savableSearch(sent)
    const owner = { enteId: theAccess(res).enteId, by: theOperator(res) }
    const problem = problemOf(name, query) ?? (await save(db, owner, { name, query }))
    if (problem === undefined)
      return redirectDone(req, res, withQuery(duesHref(res), query), 'staff.done.searchSaved', { name })
    const problems = { nome: t(`dues.saved.problem.${problem}`) }
    await showDues(deps, req, res, { query: sent, saving: { typed, problems } })
  })

  router.post(`${DUES_PATH}/ricerche/:searchId/elimina`, async (req, res) => {
    const { searchId } = mustRead(Params, req.params)
    await deleteSearch(db, { enteId: theAccess(res).enteId, by: theOperator(res) }, searchId)
    redirectDone(req, res, duesHref(res), 'staff.done.searchDeleted')
  })

  return router
}

function problemOf(name: string, query: Record<string, string>): Unsaved | undefined {
  if (name === '' || name.length > MOST_NAME || name.includes('\0')) return 'name'
  const text = queryText(query)
  return text === '' || text.length > MOST_QUERY ? 'unreadable' : undefined
}

async function save(
  db: AppDeps['db'],
  owner: Parameters<typeof saveSearch>[1],
  { name, query }: { name: string; query: Record<string, string> },
): Promise<Unsaved | undefined> {
  return (await saveSearch(db, owner, { name, query: queryText(query) })) === 'full' ? 'full' : undefined
}
