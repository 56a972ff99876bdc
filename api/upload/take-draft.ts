import { stat } from 'node:fs/promises'
import type { Knex } from 'knex'
import { findDraft, lockDraft, recordTaken, type Draft } from '../../db/flow/draft.ts'
import { isContentTaken } from '../../db/flow/flow.ts'
import { codeOf } from '../../domain/errors.ts'
import { isFlowFormat } from '../../domain/flow/columns.ts'
import { flowNameOf, isIuf } from '../../domain/flow/name.ts'
import { draftFiles, type FileStore } from '../../services/file-store.ts'
import { takeCsv, type CsvFile, type TakenCsv } from './take-csv.ts'

/** What is missing in the answers of the operator. */
export interface DraftProblem {
  kind: 'iuf_missing' | 'version_missing'
}

/** `over`: the draft is a flow already, or was given up or forgotten meanwhile. */
type TakenDraft = TakenCsv | DraftProblem | { kind: 'over' }

/** Thrown in the transaction, so that a draft that is over makes no second flow. */
class DraftOver extends Error {}

/**
 * Makes a flow of a draft, or says what is wrong with the answers. Of two confirmations at once one makes the flow and the other finds the
 * draft over.
 * @param format what was typed; a sheet has the version of its columns
 */
export async function takeDraft(
  deps: { db: Knex; files: FileStore },
  draft: Draft,
  { codIpa, iuf, format: typed, isCheck }: { codIpa: string; iuf: string; format: string; isCheck: boolean },
): Promise<TakenDraft> {
  if (draft.state !== 'waiting') return { kind: 'over' }
  const format = draft.kind === 'sheet' ? draft.format! : typed
  if (await isContentTaken(deps.db, draft.enteId, draft.sha256)) return { kind: 'bytes' }
  if (iuf === '') return { kind: 'iuf_missing' }
  if (!isIuf(iuf)) return { kind: 'iuf_malformed' }
  if (!isFlowFormat(format)) return { kind: 'version_missing' }
  const { enteId, operatorId, wantsNotices, correctsId } = draft
  const sender = { enteId, codIpa, operatorId, requestToken: null, wantsNotices, isCheck, correctsId }
  const name = flowNameOf(codIpa, iuf, format)
  try {
    const taken = await takeCsv(deps, await fileOf(deps.files, draft), { name, sender }, (trx, flowId) =>
      record(trx, draft.id, flowId),
    )
    if (taken.kind === 'taken') await deps.files.remove(draftFiles(draft.id).folder)
    // The IUF may be taken by the other of two confirmations.
    else if (!(await isWaiting(deps.db, draft.id))) return { kind: 'over' }
    return taken
  } catch (error) {
    if (error instanceof DraftOver) return { kind: 'over' }
    // The other of two confirmations has removed the files.
    if (codeOf(error) === 'ENOENT' && !(await isWaiting(deps.db, draft.id))) return { kind: 'over' }
    throw error
  }
}

const isWaiting = async (db: Knex, draftId: string): Promise<boolean> =>
  (await findDraft(db, draftId))?.state === 'waiting'

async function record(trx: Knex, draftId: string, flowId: string): Promise<void> {
  if ((await lockDraft(trx, draftId))?.state !== 'waiting') throw new DraftOver()
  await recordTaken(trx, draftId, flowId)
}

async function fileOf(
  files: FileStore,
  { id, kind, fileName, bytes, sha256, sheetRows }: Draft,
): Promise<CsvFile> {
  const names = draftFiles(id)
  const given = { originalName: fileName, bytes, sha256 }
  if (kind === 'csv') return { ...given, path: files.path(names.original), csvBytes: bytes, source: 'csv' }
  const path = files.path(names.converted)
  const csvBytes = (await stat(path)).size
  return { ...given, path, sheetPath: files.path(names.original), csvBytes, source: 'sheet', sheetRows }
}
