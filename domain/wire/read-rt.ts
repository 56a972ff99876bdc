import type { Receipt } from '../payment/receipt.ts'
import { readRt } from './rt.ts'

/**
 * Reads an RT that may not pass the schema; enough to see whether money moved. Undefined when it cannot be read. The
 * caller must have parsed the text with a real, safe XML parser before.
 */
export function tryReadRt(xml: string): Receipt | undefined {
  try {
    return readRt(xml)
  } catch {
    return undefined
  }
}
