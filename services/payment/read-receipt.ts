import { readDocument } from '../../contracts/document.ts'
import { tryReadRt } from '../../domain/wire/read-rt.ts'
import type { Receipt } from '../../domain/payment/receipt.ts'

export interface ReceiptReading {
  /** What could be read, also of a document that breaks the schema; undefined when it is no RT, or none we understand. */
  content: Receipt | undefined
  /** The document is an RT and passes the schema. */
  isValid: boolean
}

/** The only reader of receipts, pushed, fetched or asked for: never throws, because an unread receipt may say that money moved. */
export function readReceipt(document: Uint8Array): ReceiptReading {
  const reading = readDocument('rpt-rt', document)
  if (!reading.ok) return { content: undefined, isValid: false }
  return {
    content: tryReadRt(reading.xml),
    isValid: reading.root === 'RT' && reading.violations.length === 0,
  }
}
