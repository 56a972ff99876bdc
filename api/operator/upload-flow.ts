import { Router, type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import type { Flow } from '../../db/flow/flow.ts'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { flowSummary, sheetSummary } from '../../templates/process-words.ts'
import type { AppDeps } from '../deps.ts'
import type { Problems } from '../form/field-view.ts'
import { typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { formProblem, FROM_OUR_FORM, receivedOf, receiveFile, type ReceivedFile } from '../upload/receive.ts'
import { formProblemText, sentProblemText } from '../upload/problem-text.ts'
import { takeCorrection } from '../upload/take-correction.ts'
import { takeSent, type Operator, type Sent } from '../upload/take-sent.ts'
import { theAccess, theOperator } from '../access/operator.ts'
import { correctionProblems, mayBeCorrected } from './correction-view.ts'
import { draftHref } from './draft-page.ts'
import { showFlows } from './flow-list-view.ts'
import { sameFile } from './same-file.ts'
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

  const take: RequestHandler = async (req, res) => {
    const received = receivedOf(req)
    if (!received) return refuse(req, res, t('flows.problem.missing'))
    const sender = senderOf(req, res, typedIn(req)['avvisi'] === 'si')
    const sent = await takeSent({ db, files, limits }, received, { sender, how: howOf(req) })
    if (sent.kind === 'bytes') {
      const { text, link } = await sameFile(db, res, received.sha256)
      return showFlows(deps, req, res, text, link)
    }
    if (sent.kind !== 'taken' && sent.kind !== 'draft')
      return refuse(req, res, sentProblemText(sent, sender.codIpa, received.name))
    const source = /\.csv$/i.test(received.name) ? 'csv' : 'zip'
    await begin(req, res, sent, { ...sender, source })
  }

  /** Before the bytes arrive: only who may see a file sends its correction. */
  const mayCorrect: RequestHandler = async (req, res, next) => {
    if (!mayBeCorrected(await mustFindFlow(db, req, res))) throw new AppError('NOT_FOUND')
    next()
  }

  const takeCorrected: RequestHandler = async (req, res) => {
    const received = receivedOf(req)
    try {
      // A right may have been lost, and the file cancelled, while the bytes arrived.
      const corrected = await mustFindFlow(db, req, res)
      if (!mayBeCorrected(corrected)) throw new AppError('NOT_FOUND')
      await correct(req, res, { corrected, received })
    } finally {
      if (received) await files.remove(received.key)
    }
  }

  async function correct(
    req: Request,
    res: Response,
    { corrected, received }: { corrected: Flow; received: ReceivedFile | undefined },
  ): Promise<void> {
    const typed = typedIn(req)['iuf']
    const iuf = typeof typed === 'string' ? typed.trim() : ''
    const again = (problems: Problems) => showFlow({ db, config }, { req, res }, corrected, { iuf, problems })
    if (!received) return again({ file: t('flows.correction.problem.missing') })
    const sender = senderOf(req, res, corrected.wantsNotices)
    const sent = await takeCorrection({ db, files, limits }, received, {
      corrected,
      iuf,
      sender,
      how: howOf(req),
    })
    if (sent.kind !== 'taken' && sent.kind !== 'draft')
      return again(
        sent.kind === 'bytes'
          ? { file: (await sameFile(db, res, received.sha256)).text }
          : correctionProblems(sent, { codIpa: sender.codIpa, iuf, format: corrected.format }),
      )
    await begin(req, res, sent, { ...sender, source: 'csv' })
  }

  const brokenCorrection: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    const problem = formProblem(error)
    if (!problem) return next(error)
    await showFlow({ db, config }, { req, res }, await mustFindFlow(db, req, res), {
      problems: { file: formProblemText(problem, limits) },
    })
  }

  /** Goes on with a file that was taken: it is loaded or checked, or asks something first. */
  async function begin(
    req: Request,
    res: Response,
    sent: Begun,
    { isCheck, source }: { isCheck: boolean; source: string },
  ): Promise<void> {
    const { enteId, enteName } = theAccess(res)
    if (sent.kind === 'draft') {
      const { draftId, isSheet } = sent
      const summary = sheetSummary(enteName)
      if (isSheet)
        await hint(req.log, { draftId }, () => processes.wakeConversion({ draftId, enteId, summary }))
      return res.redirect(303, draftHref(res, draftId))
    }
    const { flowId, baseName } = sent
    const summary = flowSummary({ baseName, source, isCheck, enteName })
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
    ...receiveFile(files, { maxBytes: limits.zipBytes, ...FROM_OUR_FORM }),
    take,
    broken,
  )

  router.post(
    `${FLOW_PATH}/correzione`,
    ...flowsOnly(deps),
    mayCorrect,
    ...receiveFile(files, { maxBytes: limits.zipBytes, ...FROM_OUR_FORM }),
    takeCorrected,
    brokenCorrection,
  )

  async function refuse(req: Request, res: Response, problem: string): Promise<void> {
    await showFlows(deps, req, res, problem)
  }
  return router
}

type Begun = Extract<Sent, { kind: 'taken' | 'draft' }>

const howOf = (req: Request): 'sheet' | undefined => (typedIn(req)['foglio'] === 'si' ? 'sheet' : undefined)

/** The sender of a file, and whether the file is to be loaded or, by the other button of the form, only checked. */
function senderOf(req: Request, res: Response, wantsNotices: boolean): Operator & { isCheck: boolean } {
  const { enteId, codIpa } = theAccess(res)
  const isCheck = typedIn(req)['azione'] === 'controlla'
  return { enteId, codIpa, operatorId: theOperator(res).id, requestToken: null, wantsNotices, isCheck }
}
