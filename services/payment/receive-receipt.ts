import type { Knex } from 'knex'
import { keepReceipt, type ArrivingReceipt, type Reception } from './keep-receipt.ts'
import { readReceipt } from './read-receipt.ts'

/**
 * Reads, judges and keeps a receipt in the caller's transaction, whoever brought it: the node's call, or a copy we asked for.
 * The answer OK comes with the row that was stored, so that none can be given without the other.
 */
export const receiveReceipt = (
  trx: Knex,
  arriving: Omit<ArrivingReceipt, 'content' | 'isValid'>,
): Promise<Reception> => keepReceipt(trx, { ...arriving, ...readReceipt(arriving.document) })
