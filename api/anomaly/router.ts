import { Router, type Request, type Response } from 'express'
import { askAct, askedIn } from '../../db/anomaly/approved-act.ts'
import { actAlone } from '../../db/anomaly/direct-act.ts'
import type { Author } from '../../db/ente/configured.ts'
import { waitingAbout } from '../../db/ente/approval.ts'
import { settleApproval } from '../../db/ente/settle-approval.ts'
import type { ApprovedAct } from '../../domain/anomaly/acts.ts'
import { AppError } from '../../domain/errors.ts'
import { authorOf } from '../access/region.ts'
import type { AppDeps } from '../deps.ts'
import { typedIn } from '../form/read-request.ts'
import { redirectDone, redirectWith } from '../page/flash.ts'
import { readAct, SLUGS, type TypedAct } from './act-form.ts'
import type { Desk } from './desk.ts'
import { showAnomalies } from './list.ts'
import { mustFindAnomaly, showAnomaly, STALE } from './page.ts'

type Deps = Pick<AppDeps, 'db' | 'config'>

/** The acts whose forms this router reads; the node is asked at the address that the desk names. */
const ACTS = ['give', 'return', 'returned', 'undo', 'make_payable', 'accept'] as const

/** The message after a decision: what the approval did, or that the request is withdrawn. */
const NEWS: Record<ApprovedAct | 'withdrawn', string> = {
  give: 'approvedGive',
  return: 'approvedReturn',
  make_payable: 'approvedMakePayable',
  withdrawn: 'withdrawn',
}

/** The list of anomalies, the page of each, and what people do about them. */
export function anomalyPages(deps: Deps, desk: Desk): Router {
  const { db } = deps
  const router = Router()
  const page = `${desk.path}/:id`

  router.get(desk.path, (req, res) => showAnomalies(deps, desk, req, res))

  router.get(page, async (req, res) => {
    await showAnomaly(db, desk, res, { anomaly: await mustFindAnomaly(db, desk, req, res) })
  })

  for (const act of ACTS)
    router.post(`${page}/${SLUGS[act]}`, async (req, res) => {
      const anomaly = await mustFindAnomaly(db, desk, req, res)
      const typed = typedIn(req)
      const read = readAct(act, typed)
      if (Object.keys(read.problems).length > 0)
        return showAnomaly(db, desk, res, { anomaly, typed, problems: read.problems })
      const done = await perform(deps, act, { id: anomaly.id, by: authorOf(res, deps.config), read })
      goBack(req, res, anomaly.id, done)
    })

  router.post(`${page}/approva`, (req, res) => decide(req, res, 'approved'))
  router.post(`${page}/ritira`, (req, res) => decide(req, res, 'withdrawn'))

  async function decide(req: Request, res: Response, wanted: 'approved' | 'withdrawn'): Promise<void> {
    const { id } = await mustFindAnomaly(db, desk, req, res)
    const [waiting] = await waitingAbout(db, id)
    if (!waiting) return goBack(req, res, id, STALE)
    const by = authorOf(res, deps.config)
    if (wanted === 'approved' && waiting.askedBy === by.id) throw new AppError('FORBIDDEN')
    const ended = await settleApproval(db, { id: waiting.id, wanted, by, post: by.post })
    goBack(
      req,
      res,
      id,
      ended === wanted ? NEWS[wanted === 'approved' ? askedIn(waiting).act : wanted] : STALE,
    )
  }

  function goBack(req: Request, res: Response, id: string, key: string): void {
    const href = `${desk.href(res)}/${id}`
    if (key === STALE) redirectWith(req, res, href, { key })
    else redirectDone(req, res, href, `anomaly.news.${key}`)
  }

  return router
}

/** Does what one person may do alone, and asks a second person for the rest. Returns the key of the message for the page. */
async function perform(
  { db }: Deps,
  act: (typeof ACTS)[number],
  { id, by: { post, ...by }, read }: { id: string; by: Author; read: TypedAct },
): Promise<string> {
  const { dueId, reason, reference } = read
  if (act === 'accept' || act === 'undo')
    return (await actAlone(db, { id, by, act, reason })) === 'done' ? act : 'stale'
  if (act === 'returned') return (await actAlone(db, { id, by, act, reference })) === 'done' ? act : 'stale'
  return askAct(db, { id, by, act, dueId, reason, mailHost: post.mailHost })
}
