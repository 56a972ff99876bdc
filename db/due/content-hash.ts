import { createHash } from 'node:crypto'
import type { FlowDue } from '../../domain/flow/values.ts'

/** Hash of the values of a due, 32 hex digits. The IUV is left out, because the platform may have given it. */
export function contentHash(due: FlowDue): string {
  const values = { ...due, dueType: due.dueType.code, iuv: undefined }
  return createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32)
}
