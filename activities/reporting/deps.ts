import type { Knex } from 'knex'
import type { Node } from '../node/port.ts'
import type { QuadraturaSource, ReportingSource } from './source.ts'

export interface ReportingDeps {
  db: Knex
  reporting: ReportingSource
  /** Undefined where quadratura is switched off. */
  quadratura?: QuadraturaSource | undefined
  /** Is asked for receipts that a flow says must exist. */
  node: Node
}
