import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { flowSummary } from '../../templates/process-words.ts'
import type { AppDeps } from '../deps.ts'
import type { Problems } from '../form/field-view.ts'
import { typedIn } from '../form/read-request.ts'
import { hasCsrf, isFromOurForm } from '../middleware/csrf.ts'
import { hint } from '../hint.ts'
import { formProblem, receivedOf, receiveFile, type Standing } from '../upload/receive.ts'
import { formProblemText, problemText } from '../upload/problem-text.ts'
import { takeCorrection } from '../upload/take-correction.ts'
import { takeFlow, type FlowSender } from '../upload/take-flow.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { correctionProblems, mayBeCorrected } from './correction-view.ts'
import { showFlows } from './flow-list-view.ts'
import { flowHref, FLOW_PATH, mustFindFlow, showFlow } from './flow-page.ts'
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
    const sender = senderOf(req, res, typedIn(req)['avvisi'] === 'si')
    const taken = await takeFlow({ db, files, limits }, received, sender)
    if (taken.kind !== 'taken') return refuse(req, res, problemText(taken, sender.codIpa, received.name))
    await begin(req, res, { ...taken, isCheck: sender.isCheck })
  }

  const takeCorrected: RequestHandler = async (req, res) => {
    const corrected = await mustFindFlow(db, req, res)
    const received = receivedOf(req)
    const typed = typedIn(req)['iuf']
    const iuf = typeof typed === 'string' ? typed.trim() : ''
    const again = (problems: Problems) => showFlow({ db, config }, { req, res }, corrected, { iuf, problems })
    if (!received) return again({ file: t('flows.correction.problem.missing') })
    if (!mayBeCorrected(corrected)) {
      await files.remove(received.key)
      throw new AppError('NOT_FOUND')
    }
    const sender = senderOf(req, res, corrected.wantsNotices)
    const taken = await takeCorrection({ db, files, limits }, received, { corrected, iuf, sender })
    if (taken.kind !== 'taken') return again(correctionProblems(taken, { ...corrected, ...sender, iuf }))
    await begin(req, res, { ...taken, isCheck: sender.isCheck })
  }

  const brokenCorrection: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    const problem = formProblem(error)
    if (!problem) return next(error)
    await showFlow({ db, config }, { req, res }, await mustFindFlow(db, req, res), {
      problems: { file: formProblemText(problem, limits) },
    })
  }

  async function begin(
    req: Request,
    res: Response,
    { flowId, baseName, isCheck }: { flowId: string; baseName: string; isCheck: boolean },
  ): Promise<void> {
    const { enteId, enteName } = theAccess(res)
    const summary = flowSummary({ baseName, isCheck, enteName })
    await hint(req.log, { flowId }, () => processes.wakeImport({ flowId, enteId, summary }))
    redirectDone(req, res, flowHref(res, flowId), `staff.done.${isCheck ? 'flowToCheck' : 'flowTaken'}`)
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

  router.post(
    `${FLOW_PATH}/correzione`,
    ...flowsOnly(deps),
    ...receiveFile(files, { maxBytes: limits.zipBytes, standing, refusal: 'CSRF_INVALID' }),
    takeCorrected,
    brokenCorrection,
  )

  async function refuse(req: Request, res: Response, problem: string): Promise<void> {
    await showFlows(deps, req, res, problem)
  }
  return router
}

/** Who sends a file, and whether it is to be loaded or, by the other button of the form, only checked. */
function senderOf(req: Request, res: Response, wantsNotices: boolean): FlowSender & { isCheck: boolean } {
  const { enteId, codIpa } = theAccess(res)
  const isCheck = typedIn(req)['azione'] === 'controlla'
  return { enteId, codIpa, operatorId: theOperator(res).id, requestToken: null, wantsNotices, isCheck }
}
