import type { FieldFault, StateError, ValueError } from '../../domain/flow/reason.ts'

/** The key of the sentence for each fault in the format of a field. */
export const FIELD_FAULTS: Record<FieldFault, string> = {
  missing: 'dues.problem.missing',
  tooLong: 'dues.problem.tooLong',
  day: 'dues.problem.malformed',
  flag: 'dues.problem.malformed',
  amount: 'dues.problem.malformed',
  unseen: 'staff.unseen',
}

/** The key of the sentence for each error of a value. Its field is in VALUE_COLUMNS. */
export const VALUE_PROBLEMS: Record<ValueError, string> = {
  iud: 'dues.problem.iud',
  iuv: 'dues.problem.iuv',
  dueTypeUnknown: 'dues.problem.dueTypeUnknown',
  stampDuty: 'dues.problem.stampDuty',
  codiceFiscale: 'dues.problem.codiceFiscale',
  partitaIva: 'dues.problem.partitaIva',
  kindOfPerson: 'dues.problem.kindOfPerson',
  indirizzo: 'staff.unseen',
  civico: 'dues.problem.civico',
  nazione: 'dues.problem.nazione',
  provincia: 'dues.problem.provincia',
  cap: 'dues.problem.cap',
  email: 'dues.problem.email',
  dueOnMissing: 'dues.problem.dueOnMissing',
  importoZero: 'dues.problem.amount.zero',
  importoTooBig: 'dues.problem.amount.too_big',
  commissione: 'dues.problem.amount.too_big',
  tipoVersamento: 'dues.problem.tipoVersamento',
  datiSpecifici: 'dues.problem.datiSpecifici',
  bilancio: 'dues.problem.bilancio',
  secondaryCodiceFiscale: 'dues.problem.secondaryCodiceFiscale',
  secondaryIban: 'dues.problem.secondaryIban',
  secondaryIndirizzo: 'staff.unseen',
  secondaryCivico: 'dues.problem.civico',
  secondaryNazione: 'dues.problem.nazione',
  secondaryProvincia: 'dues.problem.provincia',
  secondaryCap: 'dues.problem.cap',
  secondaryDatiSpecifici: 'dues.problem.secondaryDatiSpecifici',
  secondaryImporto: 'dues.problem.secondaryImporto',
}

/** The key of the sentence for each error of the state of the dues. Its field is in STATE_COLUMNS. */
export const STATE_PROBLEMS: Record<StateError, string> = {
  iudTwiceInFlow: 'dues.problem.iudTwiceInFlow',
  azione: 'dues.problem.azione',
  notAllowed: 'dues.problem.notAllowed',
  dueOnRequired: 'dues.problem.dueOnMissing',
  dueOnPast: 'dues.problem.dueOnPast',
  iudTaken: 'dues.problem.iudTaken',
  // The sentence does not name the due that has the IUV, because the operator may not be allowed to see that due.
  iuvTaken: 'dues.problem.iuvTaken',
  notPayable: 'dues.problem.notPayable',
  dueTypeChanged: 'dues.problem.dueTypeChanged',
  iuvChanged: 'dues.problem.iuvChanged',
  iuvDropped: 'dues.problem.iuvDropped',
}
