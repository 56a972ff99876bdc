import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { Router, type Request, type Response } from 'express'
import type { Knex } from 'knex'
import type { DueReader } from '../../db/due/dues.ts'
import type { Flow } from '../../db/flow/flow.ts'
import { rejectedRows } from '../../db/flow/outcome.ts'
import { AppError } from '../../domain/errors.ts'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { NUMBERED_COLUMNS } from '../../domain/flow/header.ts'
import { rejectedCells } from '../../domain/wire/flow-remedy.ts'
import { rejectOf } from '../../domain/wire/flow-reject.ts'
import { shielded } from '../../domain/wire/formula.ts'
import { sheetOf, workbook, type SheetColumn } from '../../templates/documents/workbook.ts'
import { t } from '../../templates/language.ts'
import { remediesOf } from '../../templates/pages/operator/reject-remedies.ts'
import type { AppDeps } from '../deps.ts'
import { readerOf } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import { CSV_FORM } from '../../templates/documents/csv-form.ts'
import { asCsv } from '../documents/csv.ts'
import { sendStream } from '../documents/send-stream.ts'
import { FLOW_PATH, mustFindFlow } from './flow-page.ts'
import { knownRejects, type KnownReject } from './reject-facts.ts'
import { hasRejectsToRead, hasRejectsSheet, MOST_REJECTS_IN_SHEET } from './flow-view.ts'

const PAGE = 2_000

/**
 * The rejected rows of a file for people: each with what to do about it, in a form that spreadsheets open and that can be loaded again. They
 * are written when somebody asks for them, from the rows that are kept, so that older files have them too.
 */
export function rejectsDownloads({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`${FLOW_PATH}/file/scarti-con-rimedi`, async (req, res) => {
    const flow = await mustHave(db, { req, res }, hasRejectsToRead)
    await trace(db, res, flow, 'scarti-con-rimedi')
    asCsv(res, `${flow.baseName}_SCARTI_CON_RIMEDI.csv`)
    // The cells are shielded before, in a way that loading undoes exactly. A lone CR would end the row in a spreadsheet.
    const options = { ...CSV_FORM, header: false, escape_formulas: false, quoted_match: /\r/ }
    await sendStream(req, res, Readable.from(linesOf(db, readerOf(res), flow)).compose(stringify(options)))
  })

  // A spreadsheet that opens a CSV changes codes and days by itself; the cells of a workbook are text and stay.
  router.get(`${FLOW_PATH}/file/scarti-con-rimedi.xlsx`, async (req, res) => {
    const flow = await mustHave(db, { req, res }, hasRejectsSheet)
    await trace(db, res, flow, 'scarti-con-rimedi.xlsx')
    const rows = await rejectedRows(db, flow.id, { after: 0, limit: MOST_REJECTS_IN_SHEET })
    const lines = (await knownRejects(db, readerOf(res), flow, rows)).map((row) => lineOf(flow, row))
    const sheet = sheetOf(t('flows.rejectsSheet'), sheetColumns(flow, lines), lines)
    res
      .attachment(`${flow.baseName}_SCARTI_CON_RIMEDI.xlsx`)
      .set('cache-control', 'no-store')
      .send(await workbook([sheet]))
  })

  return router
}

/** @throws NOT_FOUND when there is no such file, or none of these rows */
async function mustHave(
  db: Knex,
  { req, res }: { req: Request; res: Response },
  isThere: (flow: Flow) => boolean,
): Promise<Flow> {
  const flow = await mustFindFlow(db, req, res)
  if (!isThere(flow)) throw new AppError('NOT_FOUND')
  return flow
}

const trace = (db: Knex, res: Response, { id }: Flow, detail: string): Promise<void> =>
  traceAtEnte(db, res, { what: 'file', of: { entity: 'flow', id }, detail })

const titlesOf = ({ format }: Flow): string[] => [
  ...FLOW_COLUMNS[format].map(({ header }) => header),
  ...NUMBERED_COLUMNS,
]

/** A row with too many fields has cells in columns without a title. */
function sheetColumns(flow: Flow, lines: readonly string[][]): SheetColumn<string[]>[] {
  const titles = titlesOf(flow)
  const width = Math.max(titles.length, ...lines.map((cells) => cells.length))
  return Array.from({ length: width }, (_, at) => ({
    title: titles[at] ?? '',
    kind: 'text',
    width: titles[at] === 'rimedio' ? 80 : 20,
    value: (cells: string[]) => cells[at] || null,
  }))
}

async function* linesOf(db: Knex, reader: DueReader, flow: Flow): AsyncGenerator<string[]> {
  yield titlesOf(flow)
  for (let after = 0; ;) {
    const rows = await rejectedRows(db, flow.id, { after, limit: PAGE })
    for (const row of await knownRejects(db, reader, flow, rows)) yield lineOf(flow, row)
    if (rows.length < PAGE) return
    after = rows.at(-1)!.row
  }
}

function lineOf({ format }: Flow, row: KnownReject): string[] {
  const { cells, isBlanked } = rejectedCells(format, row)
  const { code, text } = rejectOf(row.reasons)
  const remedies = [
    ...remediesOf(row.reasons, row.facts),
    ...(isBlanked ? [t('flows.remedy.blankAction')] : []),
  ]
  return [...cells, ...[code, text, remedies.join(' '), String(row.number)].map(shielded)]
}
