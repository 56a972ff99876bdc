import type { Knex } from 'knex'
import type { Node } from '../node/port.ts'
import type { ReportingSource } from './source.ts'

export interface ReportingDeps {
  db: Knex
  reporting: ReportingSource
  /** Is asked for receipts that a flow says must exist. */
  node: Node
}
