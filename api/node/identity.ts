import type { Knex } from 'knex'
import { isKnownDomain } from '../../db/payment/arriving-receipt.ts'
import type { RefusedReceipt } from '../../domain/payment/receipt-check.ts'
import type { IncomingHeader } from '../../domain/wire/node.ts'

/** Who we are for the node. */
export interface Identity {
  broker: string
  station: string
}

/** A call that is not for us, in the node's own order: intermediary, domain, station. */
export async function refusalOfStranger(
  db: Knex,
  us: Identity,
  header: IncomingHeader,
): Promise<RefusedReceipt | undefined> {
  if (header.broker !== us.broker) return { refusal: 'wrong_broker', why: 'intermediario non nostro' }
  if (!(await isKnownDomain(db, header.domain))) return { refusal: 'wrong_domain', why: 'dominio non nostro' }
  if (header.station !== us.station) return { refusal: 'wrong_station', why: 'stazione non nostra' }
  return undefined
}
