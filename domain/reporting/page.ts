import { z } from 'zod'
import { parseExact } from './exact-json.ts'
import { rowOfRest, type ReportedRow } from './row.ts'

export interface PaymentsPage {
  /** How many pages there are; null when the page does not say it. */
  pages: number | null
  rows: ReportedRow[]
}

const Page = z.object({
  metadata: z
    .object({ totPage: z.coerce.number().int().min(0).max(1_000_000) })
    .optional()
    .catch(undefined),
  data: z.array(z.unknown()),
})

/**
 * Reads a page of payments. Unknown fields are ignored, and an odd row keeps its faults beside it.
 * @param before rows on the pages before, from which a row without a number of its own is numbered
 * @throws when the bytes are no UTF-8, no JSON or no page of payments
 */
export function readPaymentsPage(bytes: Uint8Array, before = 0): PaymentsPage {
  const { metadata, data } = Page.parse(parseExact(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  return { pages: metadata?.totPage ?? null, rows: data.map((row, at) => rowOfRest(row, before + at + 1)) }
}
