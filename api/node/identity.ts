import type { Knex } from 'knex'
import { isKnownDomain } from '../../db/arriving-receipt.ts'
import type { PaaFaultCode } from '../../domain/payment/receipt-check.ts'
import type { IncomingHeader } from '../../domain/wire/node.ts'

/** Who we are for the node. */
export interface Identity {
  broker: string
  station: string
}

/** Why a call is not for us. */
export interface Stranger {
  code: PaaFaultCode
  why: string
}

/** A call that is not for us, in the node's own order: intermediary, domain, station. */
export async function strangerFault(
  db: Knex,
  us: Identity,
  header: IncomingHeader,
): Promise<Stranger | undefined> {
  if (header.broker !== us.broker)
    return { code: 'PAA_ID_INTERMEDIARIO_ERRATO', why: 'intermediario non nostro' }
  if (!(await isKnownDomain(db, header.domain)))
    return { code: 'PAA_ID_DOMINIO_ERRATO', why: 'dominio non nostro' }
  if (header.station !== us.station) return { code: 'PAA_STAZIONE_INT_ERRATA', why: 'stazione non nostra' }
  return undefined
}
