import type { Flow, FlowRow, Rows } from './flow.ts'
import type { GivenFlow, GivenRow } from './request.ts'
import { rowsOf } from './rows.ts'

type Given = Pick<GivenFlow, 'rows' | 'recipe' | 'changes'>

/** The rows of a flow given by hand. A new revision without rows of its own has those of the one before. */
export function givenRows({ rows, recipe, changes }: Given, before: Flow | undefined, today: string): Rows {
  if (recipe) {
    const { pay, payDate = today, ...rest } = recipe
    return { recipe: { ...rest, payDate, ...(pay === undefined ? {} : { pay }) } }
  }
  if (rows)
    return { rows: rows.map((row, at) => completed(row, `IUR${row.iuv}-${at + 1}`.slice(-35), today)) }
  if (!before) return { rows: [] }
  return changes ? changedRows(before, changes) : before.rows
}

function completed(row: GivenRow, iur: string, today: string): FlowRow {
  const { iuv, pay, index, idTransfer = 1 } = row
  return {
    iuv,
    pay,
    iur: row.iur ?? iur,
    code: row.code ?? 0,
    payDate: row.payDate ?? today,
    ...(index === undefined ? {} : { index }),
    ...(idTransfer === null ? {} : { idTransfer }),
  }
}

type Changes = NonNullable<Given['changes']>
type Change = Omit<Changes['changed'][number], 'place'>

/** The rows are numbered anew. */
function changedRows(before: Flow, { without, changed }: Changes): Rows {
  const changes = new Map(changed.map(({ place, ...change }) => [place, change]))
  const rows = [...rowsOf(before.rows)].map((row, at) => changedRow(row, changes.get(at + 1) ?? {}))
  return { rows: rows.filter((_, at) => !without.includes(at + 1)) }
}

function changedRow(row: FlowRow, change: Change): FlowRow {
  const { iuv = row.iuv, pay = row.pay, code = row.code, payDate = row.payDate } = change
  const { index, idTransfer = row.idTransfer ?? null } = change
  return completed({ iuv, pay, code, payDate, index, idTransfer }, change.iur ?? row.iur, payDate)
}
