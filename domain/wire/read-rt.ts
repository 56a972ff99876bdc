import type { Receipt } from '../payment/receipt.ts'
import { readRt } from './rt.ts'

/**
 * A lenient look at bytes that may not pass the schema: enough to see whether they say that money moved.
 * The caller has parsed them with a real, safe XML parser before.
 */
export function tryReadRt(xml: string): Receipt | undefined {
  try {
    return readRt(xml)
  } catch {
    return undefined
  }
}
