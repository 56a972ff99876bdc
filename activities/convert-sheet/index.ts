import { randomUUID } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import type { Knex } from 'knex'
import { endConversion, findDraft, refuseDraft, type Draft } from '../../db/flow/draft.ts'
import { todayInRome } from '../../db/ground/rome.ts'
import { draftFiles, FILE_MODE, type FileStore } from '../../services/file-store.ts'
import { sheetWords } from '../../templates/process-words.ts'
import type { ConversionEnd, ConvertSheetActivities } from '../../workflows/convert-sheet/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { convertFile } from './convert.ts'

export interface ConvertDeps {
  db: Knex
  files: FileStore
}

/** Safe to repeat: the same sheet gives the same files, each gets its name when it is complete, and the row moves after them and only once. */
export function createConvertSheetActivities({ db, files }: ConvertDeps): ConvertSheetActivities {
  return {
    convertSheet: ({ draftId }) =>
      keepAlive(async () => {
        const draft = await findDraft(db, draftId)
        if (draft?.state === 'converting') await convert(db, files, draft)
        return endOf(db, draftId)
      }),
    async giveUpSheet({ draftId }) {
      await refuseDraft(db, draftId, { kind: 'technical' })
      await files.remove(draftFiles(draftId).folder)
      return endOf(db, draftId)
    },
  }
}

async function convert(db: Knex, files: FileStore, { id, format }: Draft): Promise<void> {
  const names = draftFiles(id)
  const conversion = await convertFile(files.path(names.original), format ?? undefined, await todayInRome(db))
  if (conversion.kind !== 'converted') {
    await refuseDraft(db, id, conversion)
    // What cannot be read is of no use, and its sender has it.
    return files.remove(names.folder)
  }
  await writeWhole(files.path(names.converted), conversion.csv)
  await writeWhole(files.path(names.preview), JSON.stringify(conversion.preview))
  const { rows, unread } = conversion.preview
  const { format: version, numbers: sheetRows } = conversion
  await endConversion(db, id, { format: version, rows, rowsUnread: unread, sheetRows })
}

/** Two workers may write at once after a lost heartbeat, so each has a file of its own until it is complete. */
async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.${randomUUID()}.part`
  await writeFile(part, text, { mode: FILE_MODE })
  await rename(part, path)
}

async function endOf(db: Knex, draftId: string): Promise<ConversionEnd> {
  const draft = await findDraft(db, draftId)
  return { words: { now: sheetWords(draft?.state ?? 'discarded', draft?.rows ?? 0) } }
}
