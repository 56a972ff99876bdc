import { readDocument } from '../../contracts/document.ts'
import { tryReadRt } from '../../domain/wire/read-rt.ts'
import type { Receipt } from '../../domain/payment/receipt.ts'

export interface ReceiptReading {
  /** The parsed receipt, also when it breaks the schema; undefined when the document is no RT, or one that we cannot parse. */
  content: Receipt | undefined
  /** True when the document is an RT and conforms to the schema. */
  isValid: boolean
}

/** Parses every receipt, whether pushed or fetched. It never throws, because an unreadable receipt may say that money moved. */
export function readReceipt(document: Uint8Array): ReceiptReading {
  const reading = readDocument('rpt-rt', document)
  if (!reading.ok) return { content: undefined, isValid: false }
  return {
    content: tryReadRt(reading.xml),
    isValid: reading.root === 'RT' && reading.violations.length === 0,
  }
}
