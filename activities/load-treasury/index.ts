import type { Knex } from 'knex'
import { endUnread, treasuryFile, type TreasuryFile } from '../../db/treasury/file.ts'
import { saveFaults, saveMovements } from '../../db/treasury/movements.ts'
import { treasuryFiles, type FileStore } from '../../services/file-store.ts'
import { countStatement } from '../../services/treasury/count.ts'
import { tieSome } from '../../services/treasury/tie.ts'
import { treasuryWords } from '../../templates/process-words.ts'
import type { LoadTreasuryActivities, TreasuryEnd } from '../../workflows/load-treasury/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { ArchiveError, withParts, type Part } from './parts.ts'
import { batchesOf, NotLoaded, sourceOf } from './read.ts'

export interface TreasuryDeps {
  db: Knex
  files: FileStore
}

/**
 * Safe to repeat and to run twice at once: the same statement gives the same movements, each is stored once, and nothing of it counts before
 * the one transaction that counts it.
 */
export function createTreasuryActivities({ db, files }: TreasuryDeps): LoadTreasuryActivities {
  return {
    loadTreasury: ({ fileId }) =>
      keepAlive(async () => {
        const file = await treasuryFile(db, fileId)
        if (file?.state === 'reading') await load(db, files, file)
        return endOf(db, fileId)
      }),
    async giveUpTreasury({ fileId }) {
      await endUnread(db, fileId, { kind: null, problem: { kind: 'technical' } })
      return endOf(db, fileId)
    },
    tieCredits: ({ enteId }) => keepAlive(() => tieSome(db, enteId)),
  }
}

async function load(db: Knex, files: FileStore, file: TreasuryFile): Promise<void> {
  const names = treasuryFiles(file.id)
  try {
    await withParts(files.path(names.original), (parts) => loadParts(db, file, parts))
  } catch (error) {
    const ended =
      error instanceof NotLoaded
        ? { kind: error.source, problem: error.problem }
        : error instanceof ArchiveError
          ? { kind: null, problem: error.refusal }
          : undefined
    if (ended === undefined) throw error
    const isEnded = await endUnread(db, file.id, ended)
    // What cannot be read is of no use, and its sender has it.
    if (isEnded && ended.problem.kind !== 'columns') await files.remove(names.folder)
  }
}

async function loadParts(db: Knex, file: TreasuryFile, parts: readonly Part[]): Promise<void> {
  const source = await sourceOf(file, parts)
  let faults = 0
  for await (const batch of batchesOf(db, { file, source }, parts)) {
    if (batch.movements.length > 0) await saveMovements(db, file.id, batch.movements)
    await saveFaults(db, file.id, batch.faults, faults + 1)
    faults += batch.faults.length
  }
  await countStatement(db, file, source)
}

async function endOf(db: Knex, fileId: string): Promise<TreasuryEnd> {
  const file = await treasuryFile(db, fileId)
  return { words: { now: treasuryWords(file?.state ?? 'refused', file?.movements ?? 0) } }
}
