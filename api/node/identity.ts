import type { Knex } from 'knex'
import { isKnownDomain } from '../../db/payment/arriving-receipt.ts'
import type { RefusedReceipt } from '../../domain/payment/receipt-check.ts'
import type { IncomingHeader } from '../../domain/wire/node.ts'

/** Our codes at the node: in every call of the node they must be ours. */
export interface Identity {
  broker: string
  station: string
}

/** Why a call is not for us, checked in the order of the node: broker, domain, station. Undefined when it is for us. */
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
