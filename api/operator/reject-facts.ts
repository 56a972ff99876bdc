import type { Knex } from 'knex'
import { dueTypesOf, type DueReader } from '../../db/due/dues.ts'
import { duesWithIuds, type TakenDue } from '../../db/due/taken-dues.ts'
import { sheetNumbers, type Flow } from '../../db/flow/flow.ts'
import type { RejectedRow } from '../../db/flow/outcome.ts'
import { flowAmount } from '../../domain/flow/amount.ts'
import type { StateReason } from '../../domain/flow/reason.ts'
import { isSame, type Debt } from '../../domain/flow/same-debt.ts'
import { numberInSheet, type SheetNumbers } from '../../domain/flow/sheet/numbers.ts'
import { iudOf } from '../../domain/iud.ts'
import { rejectedValues } from '../../domain/wire/flow-remedy.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import type { RejectFacts, Taken } from '../../templates/pages/operator/reject-remedies.ts'

/** A rejected row with the number that its sender knows, and what the remedies may say of it. */
export interface KnownReject extends RejectedRow {
  /** In the sheet, when the file came from one. */
  number: number
  facts: RejectFacts
}

/** Looks up what belongs to rejected rows: their place in the sheet, the types of dues, and the dues that have their IUDs. */
export async function knownRejects(
  db: Knex,
  reader: DueReader,
  flow: Flow,
  rows: readonly RejectedRow[],
): Promise<KnownReject[]> {
  if (rows.length === 0) return []
  const values = rows.map(({ raw }) => rejectedValues(flow.format, raw))
  const iuds = rows.flatMap(({ reasons }, at) => (doubleOf(reasons) ? [iudOf(values[at]!.IUD ?? '')] : []))
  const [numbers, dueTypes, taken] = await Promise.all([
    sheetNumbers(db, flow.id),
    dueTypesOf(db, reader),
    duesWithIuds(db, reader, iuds),
  ])
  return rows.map((row, at) => ({
    ...row,
    number: numberInSheet(numbers, row.row),
    facts: {
      values: values[at]!,
      dueTypes: dueTypes.map(({ code }) => code),
      taken: takenBy(row, values[at]!, { flow, numbers, taken }),
    },
  }))
}

type Values = RejectFacts['values']

const doubleOf = (reasons: RejectedRow['reasons']): StateReason | undefined =>
  reasons.find(
    (reason): reason is StateReason =>
      reason.kind === 'state' && (reason.error === 'iudTaken' || reason.error === 'iudTwiceInFlow'),
  )

function takenBy(
  { reasons }: RejectedRow,
  values: Values,
  known: { flow: Flow; numbers: SheetNumbers | null; taken: ReadonlyMap<string, TakenDue> },
): Taken | undefined {
  const double = doubleOf(reasons)
  if (!double) return undefined
  if ('first' in double && double.first) {
    const { row, cents, isSame: same } = double.first
    return { where: rowText(numberInSheet(known.numbers, row)), cents, isSame: same }
  }
  const due = known.taken.get(iudOf(values.IUD ?? ''))
  if (!due) return undefined
  const debt = debtIn(values)
  return {
    where: whereText(due, known.flow),
    cents: due.cents,
    isSame: debt !== undefined && isSame(debt, due),
  }
}

const rowText = (row: number): string => t('flows.remedy.where.row', { row: wholeNumber(row) })

/** The row of the file from which a due came, by the number that its sender knows. */
function whereText({ flowId, flowName, flowRow, sheetRows }: TakenDue, flow: Flow): string {
  if (flowId === null || flowRow === null) return t('flows.remedy.where.due')
  const number = numberInSheet(sheetRows, flowRow)
  if (flowId === flow.id) return rowText(number)
  return t('flows.remedy.where.rowOf', { row: wholeNumber(number), flow: flowName ?? '' })
}

/** The debt of a row; undefined when its amount cannot be read. */
function debtIn(values: Values): Debt | undefined {
  const amount = values.importoDovuto ?? ''
  if (!/^\d{1,10}(\.\d{1,2})?$/.test(amount)) return undefined
  return {
    codice: (values.codiceIdentificativoUnivoco ?? '').toUpperCase(),
    cents: flowAmount(amount),
    dueTypeCode: values.tipoDovuto ?? '',
    causale: values.causaleVersamento ?? '',
    dueOn: values.dataEsecuzionePagamento || null,
  }
}
