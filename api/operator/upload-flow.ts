import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { t } from '../../templates/language.ts'
import { flowSummary, sheetSummary } from '../../templates/process-words.ts'
import type { AppDeps } from '../deps.ts'
import { typedIn } from '../form/read-request.ts'
import { hasCsrf, isFromOurForm } from '../middleware/csrf.ts'
import { hint } from '../hint.ts'
import { formProblem, receivedOf, receiveFile, type Standing } from '../upload/receive.ts'
import { formProblemText, sentProblemText } from '../upload/problem-text.ts'
import { takeSent } from '../upload/take-sent.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { draftHref } from './draft-page.ts'
import { listHref, showFlows } from './flow-list-view.ts'
import { flowsOnly } from './import-flow.ts'
import { redirectDone } from '../page/flash.ts'

/**
 * The upload of a file of dues. Its route comes before the middleware that reads forms, because the bytes go directly to the store. They
 * are received only from an operator who may load files, and kept only when the form has the right CSRF token.
 */
export function uploadFlowPages(deps: AppDeps): Router {
  const { db, files, processes, config } = deps
  const limits = config.upload
  const router = Router()

  const standing = (req: Request): Standing => {
    if (isFromOurForm(req)) return 'proven'
    return hasCsrf(req) ? 'false' : 'missing'
  }

  const take: RequestHandler = async (req, res) => {
    const received = receivedOf(req)
    if (!received) return refuse(req, res, t('flows.problem.missing'))
    const { enteId, enteName, codIpa } = theAccess(res)
    const typed = typedIn(req)
    const sender = {
      enteId,
      codIpa,
      operatorId: theOperator(res).id,
      requestToken: null,
      wantsNotices: typed['avvisi'] === 'si',
    }
    const how = typed['foglio'] === 'si' ? 'sheet' : undefined
    const sent = await takeSent({ db, files, limits }, received, { sender, how })
    if (sent.kind === 'draft') {
      const { draftId, isSheet } = sent
      const summary = sheetSummary(enteName)
      if (isSheet)
        await hint(req.log, { draftId }, () => processes.wakeConversion({ draftId, enteId, summary }))
      return res.redirect(303, draftHref(res, draftId))
    }
    if (sent.kind !== 'taken') return refuse(req, res, sentProblemText(sent, codIpa, received.name))
    const { flowId, baseName } = sent
    const summary = flowSummary({ baseName, enteName, source: /\.csv$/i.test(received.name) ? 'csv' : 'zip' })
    await hint(req.log, { flowId }, () => processes.wakeImport({ flowId, enteId, summary }))
    redirectDone(req, res, `${listHref(res)}/${flowId}`, 'staff.done.flowTaken')
  }

  const broken: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    const problem = formProblem(error)
    if (!problem) return next(error)
    await refuse(req, res, formProblemText(problem, limits))
  }

  router.post(
    '/operatore/:codIpa/flussi',
    ...flowsOnly(deps),
    ...receiveFile(files, { maxBytes: limits.zipBytes, standing, refusal: 'CSRF_INVALID' }),
    take,
    broken,
  )

  async function refuse(req: Request, res: Response, problem: string): Promise<void> {
    await showFlows(deps, req, res, problem)
  }
  return router
}
