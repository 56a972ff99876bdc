import { Readable } from 'node:stream'
import type { Knex } from 'knex'
import { flowHeader, type FlowSummary } from '../../db/reporting/list.ts'
import { pageDocuments } from '../../db/reporting/page.ts'
import { reportedRows } from '../../db/reporting/rows.ts'
import { flowDocument } from '../../domain/wire/reporting-flow.ts'

type Flow = Pick<FlowSummary, 'id' | 'source'>

/**
 * A stored flow in the XML form, as a stream: the document itself where it came as one, else made from the JSON pages. Only a page of it is in
 * memory. Source: docs/field/reporting.md#a-flow.
 */
export const flowXml = (db: Knex, flow: Flow): Readable =>
  Readable.from(documentOf(db, flow), { objectMode: false })

async function* documentOf(db: Knex, { id, source }: Flow): AsyncGenerator<string | Uint8Array> {
  if (source === 'soap') yield* pageDocuments(db, id)
  else yield* flowDocument(await flowHeader(db, id), reportedRows(db, id))
}
