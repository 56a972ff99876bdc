import { createHash } from 'node:crypto'
import type { FlowDue } from '../../domain/flow/values.ts'

/** Of everything that is said of a due but its IUV, which the platform may have given: equal values, equal hash. */
export function contentHash(due: FlowDue): string {
  const values = { ...due, dueType: due.dueType.code, iuv: undefined }
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32)
}
