import type { Knex } from 'knex'
import type { ReportingSource } from './source.ts'

export interface ReportingDeps {
  db: Knex
  reporting: ReportingSource
}
