import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { Router } from 'express'
import type { Knex } from 'knex'
import type { Flow } from '../../db/flow/flow.ts'
import { rejectedRows, type RejectedRow } from '../../db/flow/outcome.ts'
import { AppError } from '../../domain/errors.ts'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { REMEDY_COLUMNS } from '../../domain/flow/header.ts'
import { rejectedCells } from '../../domain/wire/flow-remedy.ts'
import { rejectOf } from '../../domain/wire/flow-reject.ts'
import { shielded } from '../../domain/wire/formula.ts'
import { t } from '../../templates/language.ts'
import { remediesOf } from '../../templates/pages/operator/reject-remedies.ts'
import type { AppDeps } from '../deps.ts'
import { traceAtEnte } from '../access/trace.ts'
import { CSV_FORM } from '../../templates/documents/csv-form.ts'
import { asCsv } from '../documents/csv.ts'
import { FLOW_PATH, mustFindFlow } from './flow-page.ts'
import { hasRejectsToRead } from './flow-view.ts'

const PAGE = 2_000

/**
 * The rejected rows of a file for people: each with what to do about it, in a form that spreadsheets open and that can be loaded again. It is
 * made when somebody asks for it, from the rows that are kept, so that older files have it too.
 */
export function rejectsCsv({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()
  router.get(`${FLOW_PATH}/file/scarti-con-rimedi`, async (req, res) => {
    const flow = await mustFindFlow(db, req, res)
    if (!hasRejectsToRead(flow)) throw new AppError('NOT_FOUND')
    const of = { entity: 'flow', id: flow.id } as const
    await traceAtEnte(db, res, { what: 'file', of, detail: 'scarti-con-rimedi' })
    asCsv(res, `${flow.baseName}_SCARTI_CON_RIMEDI.csv`)
    // The cells are shielded before, in a way that loading undoes exactly. A lone CR would end the row in a spreadsheet.
    const options = { ...CSV_FORM, header: false, escape_formulas: false, quoted_match: /\r/ }
    await pipeline(Readable.from(linesOf(db, flow)), stringify(options), res).catch((error: unknown) =>
      req.log.info({ err: error }, 'csv not read to its end'),
    )
  })
  return router
}

async function* linesOf(db: Knex, flow: Flow): AsyncGenerator<string[]> {
  yield [...FLOW_COLUMNS[flow.format].map(({ header }) => header), ...REMEDY_COLUMNS]
  for (let after = 0; ;) {
    const rows = await rejectedRows(db, flow.id, { after, limit: PAGE })
    for (const row of rows) yield lineOf(flow, row)
    if (rows.length < PAGE) return
    after = rows.at(-1)!.row
  }
}

function lineOf({ format }: Flow, row: RejectedRow): string[] {
  const { cells, isBlanked } = rejectedCells(format, row)
  const { code, text } = rejectOf(row.reasons)
  const remedies = [...remediesOf(row.reasons), ...(isBlanked ? [t('flows.remedy.blankAction')] : [])]
  return [...cells, ...[code, text, remedies.join(' ')].map(shielded)]
}
