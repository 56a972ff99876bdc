import type { Knex } from 'knex'
import type { FileStore } from '../../services/file-store.ts'

export interface BulkDeps {
  db: Knex
  files: FileStore
  publicUrl: string
  isTest: boolean
}
