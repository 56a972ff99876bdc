import type { Knex } from 'knex'
import type { RowClass } from '../../domain/reporting/row-class.ts'
import type { ReportedRow } from '../../domain/reporting/row.ts'
import { mayUseDueType, type EnteReader } from '../ente/due-type-access.ts'
import { reading, inOrder, type Turn } from '../ground/turn.ts'

/** A row of a flow as it is shown, with the due that has its IUV. */
export interface ShownRow extends ReportedRow {
  /** Null when no due has the IUV, or the reader may not see it. */
  dueId: string | null
  causale: string | null
  id: string
  /** Null until it is judged. */
  class: RowClass | null
  isContradicted: boolean
}

/** One page of the rows of a flow in their order. Dues of types that the reader may not use are not named. */
export async function listReportedRows(
  db: Knex,
  reader: EnteReader,
  flowId: string,
  { class: wanted }: { class: RowClass | undefined },
  turn: Turn<number>,
): Promise<ShownRow[]> {
  const { order, beyond } = reading(turn, 'asc')
  const { rows } = await db.raw<{ rows: ShownRow[] }>(
    `select r.position, r.iuv, r.iur, r.transfer_index as "transferIndex", r.importo_cents as "importoCents", r.amount_text as "amountText",
       r.code, r.paid_on as "paidOn", r.faults, d.id as "dueId", d.causale, r.id, r.class, r.is_contradicted as "isContradicted"
     from reported_row r left join lateral (
       select d.id, d.causale from due d
       where d.id = coalesce(r.due_id, (select x.id from due x where x.ente_id = :enteId and x.iuv = r.iuv order by x.id desc limit 1))
         and d.ente_id = :enteId and ${mayUseDueType(':operatorId', 'd.ente_due_type_id')}
       order by d.id desc limit 1) d on true
     where r.reporting_flow_id = :flowId and r.position ${beyond} :place ${wanted === undefined ? '' : 'and r.class = :wanted'}
     order by r.position ${order} limit :limit`,
    {
      enteId: reader.enteId,
      operatorId: reader.operatorId,
      flowId,
      place: turn.place ?? 0,
      ...(wanted === undefined ? {} : { wanted }),
      limit: turn.limit,
    },
  )
  return inOrder(turn, rows)
}

const PAGE = 1_000

/** All rows of a flow in their order, as `select` reads them from `tables`, which has them as `r`; only one page is in memory. */
export async function* rowsInOrder<Row extends { position: number }>(
  db: Knex,
  flowId: string,
  { select, tables }: { select: string; tables: string },
): AsyncGenerator<Row> {
  for (let place = 0; ;) {
    const { rows } = await db.raw<{ rows: Row[] }>(
      `select ${select} from ${tables} where r.reporting_flow_id = ? and r.position > ? order by r.position limit ${PAGE}`,
      [flowId, place],
    )
    yield* rows
    if (rows.length < PAGE) return
    place = rows.at(-1)!.position
  }
}

/** All rows of a flow in their order; only one page is in memory. */
export const reportedRows = (db: Knex, flowId: string): AsyncGenerator<ReportedRow> =>
  rowsInOrder(db, flowId, {
    select: `r.position, r.iuv, r.iur, r.transfer_index as "transferIndex", r.importo_cents as "importoCents", r.amount_text as "amountText",
      r.code, r.paid_on as "paidOn", r.faults`,
    tables: 'reported_row r',
  })
