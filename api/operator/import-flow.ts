import { Router, type RequestHandler } from 'express'
import { relatedFlows } from '../../db/flow/list.ts'
import { flowFiles } from '../../services/file-store.ts'
import { loadChecked } from '../../services/flow/load-checked.ts'
import { findReadableFlow, type Flow } from '../../db/flow/flow.ts'
import { AppError } from '../../domain/errors.ts'
import { t } from '../../templates/language.ts'
import { flowSummary } from '../../templates/process-words.ts'
import type { AppDeps } from '../deps.ts'
import { CHANGED, openStream } from '../page/live.ts'
import { sendStored } from '../documents/download.ts'
import { hint } from '../hint.ts'
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
import { showFlows } from './flow-list-view.ts'
import { loadedAs } from './flow-view.ts'
import { flowHref, FLOW_PATH, mustFindFlow, showFlow } from './flow-page.ts'
import { redirectDone } from '../page/flash.ts'

const PATH = '/operatore/:codIpa/flussi'
const ASK_DEADLINE_MS = 8_000

/**
 * The pages of files of dues: the list, one file with its actions, and its downloads. The upload is in upload-flow.ts, because its route
 * must come before the middleware that reads forms.
 */
export function importFlowPages({ db, files, processes, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, async (req, res) => {
    await showFlows({ db, config }, req, res)
  })

  router.get(FLOW_PATH, async (req, res) => {
    await showFlow({ db, config }, { req, res }, await mustFindFlow(db, req, res))
  })

  for (const [path, request] of [
    ['sospendi', 'pause'],
    ['riprendi', 'resume'],
  ] as const)
    router.post(`${FLOW_PATH}/${path}`, async (req, res) => {
      const flow = await mustFindFlow(db, req, res)
      const { enteName } = theAccess(res)
      const summary = flowSummary({ ...flow, enteName })
      await processes.askImport({ flowId: flow.id, enteId: flow.enteId, summary }, request, ASK_DEADLINE_MS)
      redirectDone(req, res, flowHref(res, flow.id), `staff.done.flow.${request}`)
    })

  router.post(`${FLOW_PATH}/carica`, async (req, res) => {
    const check = await mustFindFlow(db, req, res)
    if (check.state !== 'checked') throw new AppError('NOT_FOUND')
    const taken = await loadChecked({ db, files }, check, theOperator(res).id)
    if (taken.kind !== 'taken') {
      // A second press leads to the file that the first one made.
      const other = loadedAs(await relatedFlows(db, readerOf(res), check))
      if (other) return res.redirect(303, flowHref(res, other.id))
      const problems = { carica: t(`flows.check.problem.${taken.kind}`) }
      return showFlow({ db, config }, { req, res }, check, { problems })
    }
    const { flowId } = taken
    const { enteId, enteName } = theAccess(res)
    const summary = flowSummary({ ...check, isCheck: false, enteName })
    await hint(req.log, { flowId }, () => processes.wakeImport({ flowId, enteId, summary }))
    redirectDone(req, res, flowHref(res, flowId), 'staff.done.flowTaken')
  })

  router.get(`${FLOW_PATH}/file/:kind`, async (req, res) => {
    const flow = await mustFindFlow(db, req, res)
    const file = DOWNLOADS.get(req.params.kind)?.(flow)
    if (!file) throw new AppError('NOT_FOUND')
    const of = { entity: 'flow', id: flow.id } as const
    await sendStored(
      res,
      { path: files.path(file.key), name: file.name },
      {
        trace: () => traceAtEnte(db, res, { what: 'file', of, detail: req.params.kind }),
      },
    )
  })

  return router
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
  router.get(`${FLOW_PATH}/eventi`, ...flowsOnly(deps), async (req, res) => {
    const flow = await mustFindFlow(db, req, res)
    const still = async (): Promise<boolean> => {
      const reader = await readerNow(deps, res, 'flows')
      return reader !== undefined && (await findReadableFlow(db, reader, flow.id)) !== undefined
    }
    openStream(live, flow.id, res, { first: CHANGED, still })
  })
  return router
}
