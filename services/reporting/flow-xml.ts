import { Readable } from 'node:stream'
import type { Knex } from 'knex'
import { flowHeader } from '../../db/reporting/list.ts'
import { reportedRows } from '../../db/reporting/rows.ts'
import { flowDocument } from '../../domain/wire/reporting-flow.ts'

/** A stored flow in the XML form, as a stream: made from the JSON pages in which it came. Source: docs/field/reporting.md#a-flow. */
export const flowXml = (db: Knex, { id }: { id: string }): Readable =>
  Readable.from(documentOf(db, id), { objectMode: false })

async function* documentOf(db: Knex, id: string): AsyncGenerator<string> {
  yield* flowDocument(await flowHeader(db, id), reportedRows(db, id))
}
