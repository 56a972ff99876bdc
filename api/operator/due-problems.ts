import type { ColumnHeader } from '../../domain/flow/columns.ts'
import type { FieldFault, StateError, ValueError } from '../../domain/flow/reason.ts'

/** The field of the form that an error is about, and the key of the sentence about what to do. */
type Place = readonly [field: ColumnHeader, words: string]

/** The key of the sentence for each fault in the format of a field. */
export const FIELD_FAULTS: Record<FieldFault, string> = {
  missing: 'dues.problem.missing',
  tooLong: 'dues.problem.tooLong',
  day: 'dues.problem.malformed',
  flag: 'dues.problem.malformed',
  amount: 'dues.problem.malformed',
  unseen: 'staff.unseen',
}

export const VALUE_PROBLEMS: Record<ValueError, Place> = {
  iud: ['IUD', 'dues.problem.iud'],
  iuv: ['codIuv', 'dues.problem.iuv'],
  dueTypeUnknown: ['tipoDovuto', 'dues.problem.dueTypeUnknown'],
  stampDuty: ['tipoDovuto', 'dues.problem.stampDuty'],
  codiceFiscale: ['codiceIdentificativoUnivoco', 'dues.problem.codiceFiscale'],
  partitaIva: ['codiceIdentificativoUnivoco', 'dues.problem.partitaIva'],
  kindOfPerson: ['tipoIdentificativoUnivoco', 'dues.problem.kindOfPerson'],
  indirizzo: ['indirizzoPagatore', 'staff.unseen'],
  civico: ['civicoPagatore', 'dues.problem.civico'],
  nazione: ['nazionePagatore', 'dues.problem.nazione'],
  provincia: ['provinciaPagatore', 'dues.problem.provincia'],
  cap: ['capPagatore', 'dues.problem.cap'],
  email: ['mailPagatore', 'dues.problem.email'],
  dueOnMissing: ['dataEsecuzionePagamento', 'dues.problem.dueOnMissing'],
  importoZero: ['importoDovuto', 'dues.problem.amount.zero'],
  importoTooBig: ['importoDovuto', 'dues.problem.amount.too_big'],
  commissione: ['commissioneCaricoPa', 'dues.problem.amount.too_big'],
  tipoVersamento: ['tipoVersamento', 'dues.problem.tipoVersamento'],
  datiSpecifici: ['datiSpecificiRiscossione', 'dues.problem.datiSpecifici'],
  bilancio: ['bilancio', 'dues.problem.bilancio'],
  secondaryCodiceFiscale: ['codiceFiscaleEnteSecondario', 'dues.problem.secondaryCodiceFiscale'],
  secondaryIban: ['ibanAccreditoEnteSecondario', 'dues.problem.secondaryIban'],
  secondaryIndirizzo: ['indirizzoEnteSecondario', 'staff.unseen'],
  secondaryCivico: ['civicoEnteSecondario', 'dues.problem.civico'],
  secondaryNazione: ['nazioneEnteSecondario', 'dues.problem.nazione'],
  secondaryProvincia: ['provinciaEnteSecondario', 'dues.problem.provincia'],
  secondaryCap: ['capEnteSecondario', 'dues.problem.cap'],
  secondaryDatiSpecifici: ['datiSpecificiRiscossioneEnteSecondario', 'dues.problem.secondaryDatiSpecifici'],
  secondaryImporto: ['importoVersamentoEnteSecondario', 'dues.problem.secondaryImporto'],
}

export const STATE_PROBLEMS: Record<StateError, Place> = {
  iudTwiceInFlow: ['IUD', 'dues.problem.iudTwiceInFlow'],
  azione: ['IUD', 'dues.problem.azione'],
  notAllowed: ['tipoDovuto', 'dues.problem.notAllowed'],
  dueOnRequired: ['dataEsecuzionePagamento', 'dues.problem.dueOnMissing'],
  dueOnPast: ['dataEsecuzionePagamento', 'dues.problem.dueOnPast'],
  iudTaken: ['IUD', 'dues.problem.iudTaken'],
  // The sentence does not name the due that has the IUV, because the operator may not be allowed to see that due.
  iuvTaken: ['codIuv', 'dues.problem.iuvTaken'],
  notPayable: ['IUD', 'dues.problem.notPayable'],
  dueTypeChanged: ['tipoDovuto', 'dues.problem.dueTypeChanged'],
  iuvChanged: ['codIuv', 'dues.problem.iuvChanged'],
  iuvDropped: ['codIuv', 'dues.problem.iuvDropped'],
}
