import { Router, type Request, type RequestHandler, type Response } from 'express'
import { z } from 'zod'
import { beginCancelling } from '../../db/flow/cancel.ts'
import { flowFiles } from '../../services/file-store.ts'
import { filesBefore, findReadableFlow, type Flow } from '../../db/flow/flow.ts'
import { firstRejects } from '../../db/flow/list.ts'
import { operatorName } from '../../db/ente/operator.ts'
import { shownFileName } from '../../domain/flow/name.ts'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { cancelSummary, flowSummary } from '../../templates/process-words.ts'
import { now, type AppDeps } from '../deps.ts'
import { CHANGED, openStream } from '../page/live.ts'
import { sendStored } from '../documents/download.ts'
import { mustRead } from '../form/read-request.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { hint } from '../hint.ts'
import { sendPage } from '../page/page.ts'
import { traceAtEnte } from '../access/trace.ts'
import {
  joinedAs,
  operatorsOfEnte,
  readerNow,
  readerOf,
  theAccess,
  theOperator,
  type AccessDeps,
} from '../access/operator.ts'
import { listHref, showFlows } from './flow-list-view.ts'
import { flowView } from './flow-view.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { redirectDone } from '../page/flash.ts'

const PATH = '/operatore/:codIpa/flussi'
const SHOWN_REJECTS = 20
const ASK_DEADLINE_MS = 8_000

const Params = z.object({ flowId: z.uuid() })

/**
 * The pages of files of dues: the list, one file with its actions, and its downloads. The upload is in upload-flow.ts, because its route
 * must come before the middleware that reads forms.
 */
export function importFlowPages({ db, files, processes, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    await showFlows({ db, config }, req, res)
  })

  router.get(`${PATH}/:flowId`, async (req, res) => {
    const flow = await mustFind(req, res)
    const [before, rejects, name] = await Promise.all([
      flow.state === 'queued' ? filesBefore(db, flow) : 0,
      flow.rowsRejected > 0 ? firstRejects(db, flow.id, SHOWN_REJECTS) : [],
      flow.operatorId === null ? null : operatorName(db, flow.operatorId),
    ])
    sendPage(res, 'operator/flow', {
      title: t('flows.detail.title', { name: flow.baseName }),
      here: flow.baseName,
      ...operatorFrame(theAccess(res), 'flussi'),
      ...flowView({
        flow,
        before,
        rejects,
        operatorName: name,
        href: hrefOf(res, flow),
        duesHref: `/operatore/${theAccess(res).codIpa}/dovuti`,
        csrf: csrfOf(req),
        now: now(config),
      }),
      script: 'flow.js',
    })
  })

  for (const [path, request] of [
    ['sospendi', 'pause'],
    ['riprendi', 'resume'],
  ] as const)
    router.post(`${PATH}/:flowId/${path}`, async (req, res) => {
      const flow = await mustFind(req, res)
      const { enteName } = theAccess(res)
      const summary = flowSummary({ ...flow, enteName })
      await processes.askImport({ flowId: flow.id, enteId: flow.enteId, summary }, request, ASK_DEADLINE_MS)
      redirectDone(req, res, hrefOf(res, flow), `staff.done.flow.${request}`)
    })

  router.post(`${PATH}/:flowId/conferma-annulla`, async (req, res) => {
    const flow = await mustFind(req, res)
    sendPage(res, 'operator/cancel-flow', {
      title: t('flows.cancel.title'),
      ...operatorFrame(theAccess(res), 'flussi', { text: flow.baseName, href: hrefOf(res, flow) }),
      name: shownFileName(flow),
      what: flow.state === 'loaded' ? t('flows.cancel.loaded') : t('flows.cancel.loading'),
      action: `${hrefOf(res, flow)}/annulla`,
      back: hrefOf(res, flow),
      csrf: csrfOf(req),
    })
  })

  router.post(`${PATH}/:flowId/annulla`, async (req, res) => {
    const flow = await mustFind(req, res)
    const state = await beginCancelling(db, flow.id, theOperator(res).id)
    if (state === 'cancelling')
      await hint(req.log, { flowId: flow.id }, () =>
        processes.cancelImport({
          flowId: flow.id,
          enteId: flow.enteId,
          summary: cancelSummary({ ...flow, enteName: theAccess(res).enteName }),
        }),
      )
    redirectDone(req, res, hrefOf(res, flow), 'staff.done.flow.cancel')
  })

  router.get(`${PATH}/:flowId/file/:kind`, async (req, res) => {
    const flow = await mustFind(req, res)
    const file = DOWNLOADS.get(req.params.kind)?.(flow)
    if (!file) throw new AppError('NOT_FOUND')
    const of = { entity: 'flow', id: flow.id } as const
    await traceAtEnte(db, res, { what: 'file', of, detail: req.params.kind })
    sendStored(res, files.path(file.key), file.name)
  })

  const hrefOf = (res: Response, flow: Flow): string => `${listHref(res)}/${flow.id}`

  const mustFind = (req: Request, res: Response): Promise<Flow> => mustFindFlow(db, req, res)
  return router
}

/**
 * The file of dues of the address.
 * @throws NOT_FOUND when it is of another ente or this operator may not see it
 */
async function mustFindFlow(db: AppDeps['db'], req: Request, res: Response): Promise<Flow> {
  const { flowId } = mustRead(Params, req.params)
  const flow = await findReadableFlow(db, readerOf(res), flowId)
  if (!flow) throw new AppError('NOT_FOUND')
  return flow
}

type Download = { key: string; name: string }

/** The file that was sent, under the name that it had. */
function originalOf({ id, baseName, source, originalName }: Flow): Download {
  const names = flowFiles(id)
  if (source === 'zip') return { key: names.zip, name: `${baseName}.zip` }
  return { key: source === 'csv' ? names.csv : names.sheet, name: originalName ?? `${baseName}.csv` }
}

const DOWNLOADS = new Map<string, (flow: Flow) => Download | undefined>([
  ['originale', originalOf],
  [
    'convertito',
    ({ id, baseName, source }) =>
      source === 'sheet' ? { key: flowFiles(id).csv, name: `${baseName}.csv` } : undefined,
  ],
  ['iuv', ({ id, baseName }) => ({ key: flowFiles(id).outcome('IUV'), name: `${baseName}_IUV.zip` })],
  [
    'scarti',
    ({ id, baseName }) => ({ key: flowFiles(id).outcome('SCARTI'), name: `${baseName}_SCARTI.zip` }),
  ],
  [
    'avvisi',
    ({ id, baseName }) => ({ key: flowFiles(id).outcome('AVVISI_PDF'), name: `${baseName}_AVVISI_PDF.zip` }),
  ],
])

/**
 * Lets only operators of an ente that loads files pass. For routes that come before the routers of the console, and so must check by
 * themselves.
 */
export const flowsOnly = (deps: AccessDeps): RequestHandler[] => [...operatorsOfEnte(deps), joinedAs('flows')]

/** Sends the server-sent event `changed` when the page of a file would show something else. */
export function importFlowStream(deps: AppDeps): Router {
  const { db, live } = deps
  const router = Router()
  router.get(`${PATH}/:flowId/eventi`, ...flowsOnly(deps), async (req, res) => {
    const flow = await mustFindFlow(db, req, res)
    const still = async (): Promise<boolean> => {
      const reader = await readerNow(deps, res, 'flows')
      return reader !== undefined && (await findReadableFlow(db, reader, flow.id)) !== undefined
    }
    openStream(live, flow.id, res, { first: CHANGED, still })
  })
  return router
}
