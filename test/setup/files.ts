import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileStore, type FileStore } from '../../services/file-store.ts'

/** A file store in a new folder, which is removed when the process ends. */
export function testFiles(): FileStore {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-files-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return createFileStore(folder)
}
