import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { discardDraft, findOwnDraft, type Draft, type DraftOwner } from '../../db/flow/draft.ts'
import { findReadableFlow, isContentTaken, isIufTaken } from '../../db/flow/flow.ts'
import { AppError } from '../../domain/errors.ts'
import { shownFileName } from '../../domain/flow/name.ts'
import { draftFiles } from '../../services/file-store.ts'
import { t } from '../../templates/language.ts'
import { flowSummary } from '../../templates/process-words.ts'
import { readerNow, readerOf, theAccess, theOperator } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { sendStored } from '../documents/download.ts'
import type { Problems, Typed } from '../form/field-view.ts'
import { mustRead, trimmedText, typedIn } from '../form/read-request.ts'
import { hint } from '../hint.ts'
import { redirectDone } from '../page/flash.ts'
import { CHANGED, openStream } from '../page/live.ts'
import { takeDraft } from '../upload/take-draft.ts'
import { draftHref, proposalsOf, showDraft } from './draft-page.ts'
import { draftProblems } from './draft-problems.ts'
import { listHref } from './flow-list-view.ts'
import { flowsOnly } from './import-flow.ts'
import { sameFile } from './same-file.ts'

const PATH = '/operatore/:codIpa/flussi/bozze/:draftId'
const Params = z.object({ draftId: z.uuid() })

const ownerOf = (res: Response): DraftOwner => ({
  enteId: theAccess(res).enteId,
  operatorId: theOperator(res).id,
})

/** @throws NOT_FOUND for a draft of another person or another ente */
async function mustFindDraft(db: AppDeps['db'], req: Request, res: Response): Promise<Draft> {
  const { draftId } = mustRead(Params, req.params)
  const draft = await findOwnDraft(db, ownerOf(res), draftId)
  if (!draft) throw new AppError('NOT_FOUND')
  return draft
}

/** The pages of files that are no flow yet: what is asked of them, the preview of a spreadsheet, and its confirmation. */
export function draftPages({ db, files, processes }: AppDeps): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    const draft = await mustFindDraft(db, req, res)
    if (draft.flowId !== null) return res.redirect(303, `${listHref(res)}/${draft.flowId}`)
    if (draft.state === 'waiting') await trace(res, draft, 'anteprima')
    const typed = proposalsOf(draft)
    await show(req, res, draft, { typed, problems: await problemsBefore(res, draft, typed) })
  })

  router.post(`${PATH}/carica`, async (req, res) => {
    const draft = await mustFindDraft(db, req, res)
    const { codIpa, enteId, enteName } = theAccess(res)
    const typed = { iuf: trimmedText(typedIn(req), 'iuf'), versione: trimmedText(typedIn(req), 'versione') }
    const isCheck = typedIn(req)['azione'] === 'controlla'
    const answers = { codIpa, iuf: typed.iuf, format: typed.versione, isCheck }
    const taken = await takeDraft({ db, files }, draft, answers)
    if (taken.kind === 'over') return res.redirect(303, draftHref(res, draft.id))
    if (taken.kind !== 'taken')
      return show(req, res, draft, {
        typed,
        problems:
          taken.kind === 'bytes'
            ? { bozza: (await sameFile(db, res, draft.sha256)).text }
            : draftProblems(taken, { codIpa, ...typed }),
      })
    const { flowId, baseName } = taken
    const summary = flowSummary({ baseName, enteName, source: draft.kind, isCheck })
    await hint(req.log, { flowId }, () => processes.wakeImport({ flowId, enteId, summary }))
    redirectDone(
      req,
      res,
      `${listHref(res)}/${flowId}`,
      `staff.done.${isCheck ? 'flowToCheck' : 'flowTaken'}`,
    )
  })

  router.post(`${PATH}/scarta`, async (req, res) => {
    const draft = await mustFindDraft(db, req, res)
    if (await discardDraft(db, draft.id, theOperator(res))) await files.remove(draftFiles(draft.id).folder)
    redirectDone(req, res, listHref(res), 'staff.done.draftDiscarded')
  })

  router.get(`${PATH}/file/:kind`, async (req, res) => {
    const draft = await mustFindDraft(db, req, res)
    const file = DOWNLOADS.get(req.params.kind)?.(draft)
    if (!file || draft.state !== 'waiting') throw new AppError('NOT_FOUND')
    await sendStored(
      res,
      { path: files.path(file.key), name: file.name },
      {
        trace: () => trace(res, draft, req.params.kind),
      },
    )
  })

  /** What stands in the way of a draft that is only opened: that the same bytes are loaded already comes before a name that is taken. */
  async function problemsBefore(
    res: Response,
    draft: Draft,
    typed: ReturnType<typeof proposalsOf>,
  ): Promise<Problems> {
    if (draft.state !== 'waiting') return {}
    if (await isContentTaken(db, draft.enteId, draft.sha256))
      return { bozza: (await sameFile(db, res, draft.sha256)).text }
    if (draft.iuf === null || !(await isIufTaken(db, draft.enteId, draft.iuf))) return {}
    return draftProblems({ kind: 'iuf' }, { codIpa: theAccess(res).codIpa, ...typed })
  }

  async function show(
    req: Request,
    res: Response,
    draft: Draft,
    asked: { typed: Typed; problems: Problems },
  ): Promise<void> {
    const corrected =
      draft.correctsId === null ? undefined : await findReadableFlow(db, readerOf(res), draft.correctsId)
    const corrects = corrected
      ? { href: `${listHref(res)}/${corrected.id}`, text: shownFileName(corrected) }
      : null
    await showDraft(files, req, res, draft, { ...asked, corrects })
  }

  const trace = (res: Response, { id }: Draft, detail: string): Promise<void> =>
    traceAtEnte(db, res, { what: 'file', of: { entity: 'draft', id }, detail })
  return router
}

const DOWNLOADS = new Map<string, (draft: Draft) => { key: string; name: string }>([
  ['originale', ({ id, fileName }) => ({ key: draftFiles(id).original, name: fileName })],
  [
    'convertito',
    ({ id }) => ({ key: draftFiles(id).converted, name: `${t('sheet.file.convertedName')}.csv` }),
  ],
])

/** Sends the server-sent event `changed` when the page of a draft would show something else. */
export function draftStream(deps: AppDeps): Router {
  const { db, live } = deps
  const router = Router()
  router.get(`${PATH}/eventi`, ...flowsOnly(deps), async (req, res) => {
    const { id } = await mustFindDraft(db, req, res)
    const still = async (): Promise<boolean> => {
      const reader = await readerNow(deps, res, 'flows')
      return reader !== undefined && (await findOwnDraft(db, reader, id)) !== undefined
    }
    openStream(live, id, res, { first: CHANGED, still })
  })
  return router
}
