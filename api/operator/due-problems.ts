import { letterSlip } from '../../domain/codice-fiscale.ts'
import type { ColumnHeader } from '../../domain/flow/columns.ts'
import { STATE_COLUMNS, VALUE_COLUMNS } from '../../domain/flow/reason-columns.ts'
import type { FieldFault, StateError, ValueError } from '../../domain/flow/reason.ts'
import type { RowFields } from '../../domain/flow/structure.ts'
import { t, tOr } from '../../templates/language.ts'
import { maxOf } from './due-fields.ts'

/** A field of the form and the sentence about what to do there. */
type Told = readonly [field: ColumnHeader, text: string]

/** Fields in which a person only chooses: whatever else arrives, the sentence says to choose. */
const CHOICES: ReadonlySet<ColumnHeader> = new Set([
  'tipoDovuto',
  'tipoIdentificativoUnivoco',
  'flgGeneraIuv',
  'flagMultiBeneficiario',
  'tipoVersamento',
])

/** The sentence about a field whose text cannot be read. */
export function fieldProblem(header: ColumnHeader, fault: FieldFault): string {
  if (fault === 'missing') return t(`dues.missing.${header}`)
  if ((fault !== 'tooLong' && fault !== 'unseen') || CHOICES.has(header)) return t(`dues.wrong.${header}`)
  return t(`dues.fault.${fault}`, { the: t(`dues.the.${header}`), max: maxOf(header) })
}

export const amountProblem = (header: ColumnHeader, reason: 'malformed' | 'zero' | 'too_big'): string =>
  reason === 'malformed'
    ? t(`dues.wrong.${header}`)
    : t(`dues.fault.${reason}`, { the: t(`dues.the.${header}`) })

/**
 * The fields of errors about columns that the form does not have. Files bring the address of a second ente, and their rules have refused it
 * already.
 */
const ELSEWHERE: Partial<Record<ColumnHeader, ColumnHeader>> = {
  azione: 'importoDovuto',
  commissioneCaricoPa: 'importoDovuto',
  indirizzoEnteSecondario: 'flagMultiBeneficiario',
  civicoEnteSecondario: 'flagMultiBeneficiario',
  nazioneEnteSecondario: 'flagMultiBeneficiario',
  provinciaEnteSecondario: 'flagMultiBeneficiario',
  capEnteSecondario: 'flagMultiBeneficiario',
}

const fieldOf = (column: ColumnHeader): ColumnHeader => ELSEWHERE[column] ?? column

const SECOND_ADDRESS = 'dues.problem.secondaryAddress'

/** The keys of the sentences that are not simply about the form of their field (`dues.wrong`). */
const VALUE_WORDS: Partial<Record<ValueError, string>> = {
  stampDuty: 'dues.problem.stampDuty',
  partitaIva: 'dues.problem.partitaIva',
  indirizzo: 'dues.fault.unseen',
  dueOnMissing: 'dues.missing.dataEsecuzionePagamento',
  importoZero: 'dues.fault.zero',
  importoTooBig: 'dues.fault.too_big',
  commissione: 'dues.problem.commissione',
  bilancio: 'dues.bilancio.problem.unreadable',
  secondaryIndirizzo: SECOND_ADDRESS,
  secondaryCivico: SECOND_ADDRESS,
  secondaryNazione: SECOND_ADDRESS,
  secondaryProvincia: SECOND_ADDRESS,
  secondaryCap: SECOND_ADDRESS,
  secondaryImporto: 'dues.problem.secondaryImporto',
}

/** The sentence about a value that the rules of files refuse. */
export function valueProblem(error: ValueError, row: RowFields): Told {
  const field = fieldOf(VALUE_COLUMNS[error])
  const code = row.codiceIdentificativoUnivoco
  const slip = error === 'codiceFiscale' ? letterSlip(code) : undefined
  if (slip) return [field, t('person.letter', { ...slip })]
  return [field, t(VALUE_WORDS[error] ?? `dues.wrong.${field}`, { the: tOr(`dues.the.${field}`, '') })]
}

const STATE_WORDS: Record<StateError, string> = {
  iudTwiceInFlow: 'dues.problem.iudTaken',
  azione: 'dues.problem.notPayable',
  notAllowed: 'dues.problem.notAllowed',
  dueOnRequired: 'dues.missing.dataEsecuzionePagamento',
  dueOnPast: 'dues.problem.dueOnPast',
  iudTaken: 'dues.problem.iudTaken',
  // The sentence does not name the due that has the IUV, because the operator may not be allowed to see that due.
  iuvTaken: 'dues.problem.iuvTaken',
  notPayable: 'dues.problem.notPayable',
  dueTypeChanged: 'dues.problem.dueTypeChanged',
  iuvChanged: 'dues.problem.iuvChanged',
  iuvDropped: 'dues.problem.iuvDropped',
}

/** The sentence about what the state of the dues does not allow. */
export function stateProblem(error: StateError): Told {
  // Who changes a due cannot change its IUD, so that it is not payable stands beside its amount.
  const field = error === 'notPayable' ? 'importoDovuto' : fieldOf(STATE_COLUMNS[error])
  return [field, t(STATE_WORDS[error])]
}
