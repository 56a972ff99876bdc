import { rightLetter } from '../../domain/codice-fiscale.ts'
import type { ColumnHeader } from '../../domain/flow/columns.ts'
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

/** The field of the form that an error is about, and the key of its sentence. */
type Place = readonly [field: ColumnHeader, words: string]

const unseen = (field: ColumnHeader): Place => [field, 'dues.fault.unseen']
const wrong = (field: ColumnHeader): Place => [field, `dues.wrong.${field}`]

const VALUE_PLACES: Record<ValueError, Place> = {
  iud: wrong('IUD'),
  iuv: wrong('codIuv'),
  dueTypeUnknown: wrong('tipoDovuto'),
  stampDuty: ['tipoDovuto', 'dues.problem.stampDuty'],
  codiceFiscale: wrong('codiceIdentificativoUnivoco'),
  partitaIva: ['codiceIdentificativoUnivoco', 'dues.problem.partitaIva'],
  kindOfPerson: wrong('tipoIdentificativoUnivoco'),
  indirizzo: unseen('indirizzoPagatore'),
  civico: wrong('civicoPagatore'),
  nazione: wrong('nazionePagatore'),
  provincia: wrong('provinciaPagatore'),
  cap: wrong('capPagatore'),
  email: wrong('mailPagatore'),
  dueOnMissing: ['dataEsecuzionePagamento', 'dues.missing.dataEsecuzionePagamento'],
  importoZero: ['importoDovuto', 'dues.fault.zero'],
  importoTooBig: ['importoDovuto', 'dues.fault.too_big'],
  commissione: ['importoDovuto', 'dues.problem.commissione'],
  tipoVersamento: wrong('tipoVersamento'),
  datiSpecifici: wrong('datiSpecificiRiscossione'),
  bilancio: ['bilancio', 'dues.bilancio.problem.unreadable'],
  secondaryCodiceFiscale: wrong('codiceFiscaleEnteSecondario'),
  secondaryIban: wrong('ibanAccreditoEnteSecondario'),
  // The address of the second ente has no field in the form: files bring it, and their rules have already refused it.
  secondaryIndirizzo: ['flagMultiBeneficiario', 'dues.problem.secondaryAddress'],
  secondaryCivico: ['flagMultiBeneficiario', 'dues.problem.secondaryAddress'],
  secondaryNazione: ['flagMultiBeneficiario', 'dues.problem.secondaryAddress'],
  secondaryProvincia: ['flagMultiBeneficiario', 'dues.problem.secondaryAddress'],
  secondaryCap: ['flagMultiBeneficiario', 'dues.problem.secondaryAddress'],
  secondaryDatiSpecifici: wrong('datiSpecificiRiscossioneEnteSecondario'),
  secondaryImporto: ['importoVersamentoEnteSecondario', 'dues.problem.secondaryImporto'],
}

/** The sentence about a value that the rules of files refuse. */
export function valueProblem(error: ValueError, row: RowFields): Told {
  const [field, words] = VALUE_PLACES[error]
  const code = row.codiceIdentificativoUnivoco
  const letter = error === 'codiceFiscale' ? rightLetter(code) : undefined
  if (letter !== undefined) return [field, t('dues.problem.letter', { letter, last: code.slice(-1) })]
  return [field, t(words, { the: tOr(`dues.the.${field}`, '') })]
}

const STATE_PLACES: Record<StateError, Place> = {
  iudTwiceInFlow: ['IUD', 'dues.problem.iudTaken'],
  azione: ['importoDovuto', 'dues.problem.notPayable'],
  notAllowed: ['tipoDovuto', 'dues.problem.notAllowed'],
  dueOnRequired: ['dataEsecuzionePagamento', 'dues.missing.dataEsecuzionePagamento'],
  dueOnPast: ['dataEsecuzionePagamento', 'dues.problem.dueOnPast'],
  iudTaken: ['IUD', 'dues.problem.iudTaken'],
  // The sentence does not name the due that has the IUV, because the operator may not be allowed to see that due.
  iuvTaken: ['codIuv', 'dues.problem.iuvTaken'],
  notPayable: ['importoDovuto', 'dues.problem.notPayable'],
  dueTypeChanged: ['tipoDovuto', 'dues.problem.dueTypeChanged'],
  iuvChanged: ['codIuv', 'dues.problem.iuvChanged'],
  iuvDropped: ['codIuv', 'dues.problem.iuvDropped'],
}

/** The sentence about what the state of the dues does not allow. */
export function stateProblem(error: StateError): Told {
  const [field, words] = STATE_PLACES[error]
  return [field, t(words)]
}
