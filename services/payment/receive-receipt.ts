import type { Knex } from 'knex'
import { keepReceipt, type ArrivingReceipt, type Reception } from './keep-receipt.ts'
import { readReceipt } from './read-receipt.ts'

/**
 * Parses, checks and stores a receipt in the caller's transaction, whether the node pushed it or it is a copy that we requested. The
 * result `kept` has the id of the stored row, so that OK is never answered without one.
 */
export const receiveReceipt = (
  trx: Knex,
  arriving: Omit<ArrivingReceipt, 'content' | 'isValid'>,
): Promise<Reception> => keepReceipt(trx, { ...arriving, ...readReceipt(arriving.document) })
