import { normalizeFiscalId } from '../../domain/codice-fiscale.ts'
import type { ColumnHeader } from '../../domain/flow/columns.ts'
import { dueOnError } from '../../domain/flow/decide.ts'
import type { StateReason } from '../../domain/flow/reason.ts'
import { isTrue, readFields, type RowFields } from '../../domain/flow/structure.ts'
import { checkValues, type FlowDue, type FlowSettings } from '../../domain/flow/values.ts'
import type { BilancioShare } from '../../domain/form/check.ts'
import { isDrawnIud } from '../../domain/iud.ts'
import { MAX_IMPORTO, parseTypedImporto, wireImporto, type Cents } from '../../domain/money.ts'
import { ANONYMOUS } from '../../domain/person.ts'
import { bilancioXml } from '../../domain/wire/bilancio.ts'
import { bilancioTotal, readBilancio } from '../../domain/wire/read-bilancio.ts'
import { t } from '../../templates/language.ts'
import type { Problems, Typed } from '../form/field-view.ts'
import { trimmedText } from '../form/read-request.ts'
import { readRows } from './bilancio-rows.ts'
import { FORM_HEADERS, NO_CODE, SECONDARY } from './due-fields.ts'
import { amountProblem, fieldProblem, stateProblem, valueProblem } from './due-problems.ts'

const AMOUNTS: ReadonlySet<ColumnHeader> = new Set(['importoDovuto', 'importoVersamentoEnteSecondario'])

export interface TypedDue {
  typed: Typed
  settings: FlowSettings
  iud: string
  isNew: boolean
  /** The values that a due already has. Columns without a field in the form keep them. */
  before?: Typed
  /** The bilancio that the due has: lines that did not change keep it as its sender wrote it. */
  kept?: string | null
  /** The type of a new due demands a bilancio. */
  demandsBilancio?: boolean
}

/** Checks a due that an operator typed with the rules for a row of a file with the same values. */
export function checkTypedDue(
  given: TypedDue,
): { kind: 'due'; due: FlowDue } | { kind: 'problems'; problems: Problems } {
  const { typed, settings, iud, isNew, before = {} } = given
  const problems: Record<string, string> = {}
  const bilancio = bilancioOf(given, problems)
  const fixed: Partial<Record<ColumnHeader, string>> = {
    IUD: iud,
    azione: isNew ? 'I' : 'M',
    bilancio,
    ...payerOf(typed),
  }
  const { row, faults } = readFields('1_4', (header) => {
    const known = fixed[header]
    if (known !== undefined) return known
    const text = trimmedText(FORM_HEADERS.includes(header) ? typed : before, header)
    if (!AMOUNTS.has(header) || text === '') return text
    const amount = parseTypedImporto(text, MAX_IMPORTO)
    if (amount.ok) return wireImporto(amount.importo)
    problems[header] = amountProblem(header, amount.reason)
    // The problem is recorded above; a valid placeholder keeps the next check from reporting it again.
    return '1.00'
  })
  for (const { header, fault } of faults) problems[header] ??= fieldProblem(header, fault)
  if (
    isNew &&
    !isTrue(row.flagMultiBeneficiario) &&
    SECONDARY.slice(1).some((name) => trimmedText(typed, name))
  )
    problems['flagMultiBeneficiario'] ??= t('dues.problem.secondaryUnused')
  const dueType = settings.dueTypes.get(row.tipoDovuto)
  const dayError = dueType && dueOnError(dueType, row.dataEsecuzionePagamento || undefined, settings.today)
  if (dayError) problems['dataEsecuzionePagamento'] ??= stateProblem(dayError)[1]
  // Values are checked beside the faults too, so that the person sees everything at once; a faulty amount has a valid placeholder there.
  const faulty = faults.filter(({ header }) => AMOUNTS.has(header))
  const whole: RowFields = { ...row, ...Object.fromEntries(faulty.map(({ header }) => [header, '1.00'])) }
  // IUDs that we drew begin with 000, which the rules of files refuse, so another IUD is checked in their place.
  const values = checkValues(
    { ...whole, IUD: isDrawnIud(iud) || !isNew ? 'x' : iud },
    settings,
    bilancioTotal,
  )
  if (values.kind === 'due')
    return Object.keys(problems).length > 0
      ? { kind: 'problems', problems }
      : { kind: 'due', due: { ...values.due, iud } }
  for (const error of values.errors) {
    // Without an amount that can be read, the sum of the bilancio says nothing.
    if (error === 'bilancio' && 'importoDovuto' in problems) continue
    const [field, text] = valueProblem(error, row)
    problems[field] ??= text
  }
  return { kind: 'problems', problems }
}

/** Kind and code of the payer. Without a kind, a code of 11 digits is that of an organisation. */
function payerOf(typed: Typed): Partial<Record<ColumnHeader, string>> {
  const kind = trimmedText(typed, 'tipoIdentificativoUnivoco')
  const code = normalizeFiscalId(trimmedText(typed, 'codiceIdentificativoUnivoco').slice(0, 80))
  if (kind === NO_CODE) return { tipoIdentificativoUnivoco: 'F', codiceIdentificativoUnivoco: ANONYMOUS }
  return {
    tipoIdentificativoUnivoco: kind || (/^\d{11}$/.test(code) ? 'G' : 'F'),
    codiceIdentificativoUnivoco: code,
  }
}

/** The bilancio as files have it, '' for none; notes what is wrong with its table. */
function bilancioOf({ typed, kept, demandsBilancio }: TypedDue, problems: Record<string, string>): string {
  const amount = parseTypedImporto(trimmedText(typed, 'importoDovuto'), MAX_IMPORTO)
  const importo: Cents | undefined = amount.ok ? amount.importo : undefined
  const read = readRows(typed, importo, demandsBilancio)
  if (read.kind === 'problems') {
    Object.assign(problems, read.problems)
    return ''
  }
  if (read.shares.length === 0) return ''
  return kept && isSame(read.shares, kept) ? kept : bilancioXml(read.shares)
}

const isSame = (shares: readonly BilancioShare[], xml: string): boolean =>
  JSON.stringify(shares.map((share) => lineOf(share))) === JSON.stringify(readBilancio(xml)?.map(lineOf))

const lineOf = ({ capitolo, ufficio, accertamento, importo }: BilancioShare): unknown[] => [
  capitolo,
  ufficio ?? '',
  accertamento ?? '',
  importo,
]

/** The problem of a due that the state of the dues does not allow, beside the field that it is about. */
export function stateProblems({ error }: StateReason): Problems {
  // A due that is no longer found was cancelled or paid meanwhile.
  const [field, text] = stateProblem(error === 'notFound' ? 'notPayable' : error)
  return { [field]: text }
}
