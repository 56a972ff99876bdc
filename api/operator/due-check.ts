import type { ColumnHeader } from '../../domain/flow/columns.ts'
import type { StateReason } from '../../domain/flow/reason.ts'
import { STATE_COLUMNS, VALUE_COLUMNS } from '../../domain/flow/reason-columns.ts'
import { readFields } from '../../domain/flow/structure.ts'
import { checkValues, type FlowDue, type FlowSettings } from '../../domain/flow/values.ts'
import { MAX_IMPORTO, parseTypedImporto, wireImporto } from '../../domain/money.ts'
import { bilancioTotal } from '../../domain/wire/read-bilancio.ts'
import { t } from '../../templates/language.ts'
import type { Problems, Typed } from '../form/field-view.ts'
import { FIELD_FAULTS, STATE_PROBLEMS, VALUE_PROBLEMS } from './due-problems.ts'

const AMOUNTS: ReadonlySet<ColumnHeader> = new Set(['importoDovuto', 'importoVersamentoEnteSecondario'])

/** Checks a due that an operator typed with the rules for a row of a file with the same values. */
export function checkTypedDue(
  typed: Typed,
  { settings, iud, isNew }: { settings: FlowSettings; iud: string; isNew: boolean },
): { kind: 'due'; due: FlowDue } | { kind: 'problems'; problems: Problems } {
  const problems: Record<string, string> = {}
  const fixed: Partial<Record<ColumnHeader, string>> = { IUD: iud, azione: isNew ? 'I' : 'M' }
  const { row, faults } = readFields('1_4', (header) => {
    if (fixed[header] !== undefined) return fixed[header]
    const given = typed[header]
    const text = typeof given === 'string' ? given.trim() : ''
    if (!AMOUNTS.has(header) || text === '') return text
    const amount = parseTypedImporto(text, MAX_IMPORTO)
    if (amount.ok) return wireImporto(amount.importo)
    problems[header] = t(`dues.problem.amount.${amount.reason}`)
    // The problem is recorded above; a valid placeholder keeps the next check from reporting it again.
    return '1.00'
  })
  for (const { header, fault } of faults) problems[header] = t(FIELD_FAULTS[fault])
  if (Object.keys(problems).length > 0) return { kind: 'problems', problems }
  // The IUDs of typed dues begin with 000, which the rules of files refuse, so another IUD is checked in its place.
  const values = checkValues({ ...row, IUD: 'x' }, settings, bilancioTotal)
  if (values.kind === 'due') return { kind: 'due', due: { ...values.due, iud } }
  for (const error of values.errors) problems[VALUE_COLUMNS[error]] = t(VALUE_PROBLEMS[error])
  return { kind: 'problems', problems }
}

/**
 * The problem of a due that the state of the dues does not allow, beside the field that it is about. The form has no field for the IUD, so
 * a problem of the IUD stands beside the amount.
 */
export function stateProblems({ error }: StateReason): Problems {
  // A due that is no longer found was cancelled or paid meanwhile.
  const known = error === 'notFound' ? 'notPayable' : error
  const field = STATE_COLUMNS[known]
  return { [field === 'IUD' ? 'importoDovuto' : field]: t(STATE_PROBLEMS[known]) }
}
