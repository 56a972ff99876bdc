import type { Knex } from 'knex'
import type { FileStore } from '../../services/file-store.ts'
import {
  claimTurn,
  findFlow,
  flowSettings,
  nextInTurn,
  refuseFlow,
  requestOfFlow,
  type Flow,
} from '../../db/flow/flow.ts'
import { endCheck, endFlow, endLoading, insertReports, pendingReports } from '../../db/flow/outcome.ts'
import { shownFileName } from '../../domain/flow/name.ts'
import { flowWords, mailSummary } from '../../templates/process-words.ts'
import type { ImportFlowActivities, ImportStatus } from '../../workflows/import-flow/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { loadChunk, prepareChunk } from './commit-chunk.ts'
import { printNotices } from './notices.ts'
import { removeScraps, writeOutcomeFiles } from './outcome.ts'
import { READ_LIMITS, type ReadLimits } from './read-chunk.ts'

export interface ImportDeps {
  db: Knex
  files: FileStore
  publicUrl: string
  isTest: boolean
  mailHost: string
  /** Smaller in tests, so that a short file has many chunks. */
  readLimits?: ReadLimits | undefined
}

/**
 * Safe to repeat: a chunk loads in one transaction that refuses to load it twice, the names of files follow from their content, and each
 * step reads its position from the tables.
 */
export function createImportFlowActivities(deps: ImportDeps): ImportFlowActivities {
  const { db, files, mailHost } = deps
  return {
    advanceImport: ({ flowId, sliceMs }) =>
      keepAlive(async () => {
        const turn = await claimTurn(db, flowId)
        if (turn === 'loading') await workOn(deps, flowId, Date.now() + sliceMs)
        const status = await statusOf(db, flowId)
        if (status.state === 'loaded') await removeScraps(files, flowId)
        return status
      }),
    async askOfImport({ flowId, request }) {
      return (await requestOfFlow(db, flowId, request)) ?? null
    },
    async giveUpImport({ flowId, code }) {
      await refuseFlow(db, flowId, { code: 'PAA_IMPORT_FLUSSO_ERRORE_GENERICO', details: [code] })
      const flow = await findFlow(db, flowId)
      if (flow?.state === 'refused' && !flow.isCheck) await insertReports(db, flow, mailHost)
      return statusOf(db, flowId)
    },
  }
}

/** Works until `until` on what comes next for the file: loading or checking, printing notices, or writing outcome files. */
async function workOn(deps: ImportDeps, flowId: string, until: number): Promise<void> {
  const { db } = deps
  const flow = await findFlow(db, flowId)
  if (flow?.state === 'loading') return loadSlice(deps, flow, until)
  if (flow?.state !== 'writing') return
  if (flow.wantsNotices && !(await printNotices(deps, flow, until))) return
  // The flow is read again, because its number of printed notices decides whether there is an archive of them.
  const printed = (await findFlow(db, flowId))!
  if (printed.state !== 'writing') return
  await writeOutcomeFiles(deps, printed)
  await endFlow(db, printed, deps.mailHost)
}

/** Loads chunk after chunk until `until`. While the database writes one chunk, the next is read and checked. */
async function loadSlice(deps: ImportDeps, flow: Flow, until: number): Promise<void> {
  const { db, files, readLimits: limits = READ_LIMITS } = deps
  const settings = await flowSettings(db, flow)
  const prepare = (fromByte: number) => prepareChunk(files, flow, settings, { fromByte, limits })
  let { chunks: seq, rowsRead } = flow
  let isDone = flow.nextByte >= flow.csvBytes
  for (let ahead = isDone ? undefined : prepare(flow.nextByte); ahead; seq++) {
    const chunk = await ahead
    const loading = loadChunk(deps, { flowId: flow.id, seq, firstRow: rowsRead + 1, settings, chunk })
    ahead = chunk.isLast || Date.now() >= until ? undefined : prepare(chunk.toByte)
    // When loading fails nobody awaits this promise, and its rejection would end the process.
    ahead?.catch(() => undefined)
    if (!(await loading)) return
    rowsRead += chunk.rows.length
    isDone = chunk.isLast
  }
  if (isDone) await (flow.isCheck ? endCheck : endLoading)(db, flow.id)
}

async function statusOf(db: Knex, flowId: string): Promise<ImportStatus> {
  const flow = await findFlow(db, flowId)
  if (!flow) return { state: 'cancelled', next: 'over', mailIds: [], nextFlowId: null }
  const { state } = flow
  const words = { now: flowWords(flow), mail: mailSummary('flow', shownFileName(flow)) }
  if (state === 'loading' || state === 'writing')
    return { state, next: 'work', mailIds: [], nextFlowId: null, words }
  const [mailIds, nextFlowId] = await Promise.all([pendingReports(db, flowId), nextInTurn(db, flow)])
  const isWaiting = state === 'queued' || state === 'paused'
  return {
    state,
    next: isWaiting ? 'wait' : 'over',
    mailIds,
    // A file that waits for its turn starts no other file.
    nextFlowId: state === 'queued' ? null : (nextFlowId ?? null),
    words,
  }
}
