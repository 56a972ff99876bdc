import { readRt, type RtDocument } from './rt.ts'

/**
 * A lenient look at bytes that may not pass the schema: enough to see whether they say that money moved.
 * The caller has parsed them with a real, safe XML parser before.
 */
export function tryReadRt(xml: string): RtDocument | undefined {
  try {
    const rt = readRt(xml)
    return Number.isInteger(rt.outcome) && rt.outcome >= 0 && rt.outcome <= 4 ? rt : undefined
  } catch {
    return undefined
  }
}
