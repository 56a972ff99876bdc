import type { ColumnHeader } from './columns.ts'
import type { Reason, StateReason, ValueError } from './reason.ts'

/** The column to correct for each error of a value. */
export const VALUE_COLUMNS: Record<ValueError, ColumnHeader> = {
  iud: 'IUD',
  iuv: 'codIuv',
  dueTypeUnknown: 'tipoDovuto',
  stampDuty: 'tipoDovuto',
  codiceFiscale: 'codiceIdentificativoUnivoco',
  partitaIva: 'codiceIdentificativoUnivoco',
  kindOfPerson: 'tipoIdentificativoUnivoco',
  indirizzo: 'indirizzoPagatore',
  civico: 'civicoPagatore',
  nazione: 'nazionePagatore',
  provincia: 'provinciaPagatore',
  cap: 'capPagatore',
  email: 'mailPagatore',
  dueOnMissing: 'dataEsecuzionePagamento',
  importoZero: 'importoDovuto',
  importoTooBig: 'importoDovuto',
  commissione: 'commissioneCaricoPa',
  tipoVersamento: 'tipoVersamento',
  datiSpecifici: 'datiSpecificiRiscossione',
  bilancio: 'bilancio',
  secondaryCodiceFiscale: 'codiceFiscaleEnteSecondario',
  secondaryIban: 'ibanAccreditoEnteSecondario',
  secondaryIndirizzo: 'indirizzoEnteSecondario',
  secondaryCivico: 'civicoEnteSecondario',
  secondaryNazione: 'nazioneEnteSecondario',
  secondaryProvincia: 'provinciaEnteSecondario',
  secondaryCap: 'capEnteSecondario',
  secondaryDatiSpecifici: 'datiSpecificiRiscossioneEnteSecondario',
  secondaryImporto: 'importoVersamentoEnteSecondario',
}

/** The column to correct, or to look at, for each error that depends on the state of the dues. */
export const STATE_COLUMNS: Record<StateReason['error'], ColumnHeader> = {
  iudTwiceInFlow: 'IUD',
  azione: 'azione',
  notAllowed: 'tipoDovuto',
  dueOnRequired: 'dataEsecuzionePagamento',
  dueOnPast: 'dataEsecuzionePagamento',
  iudTaken: 'IUD',
  iuvTaken: 'codIuv',
  notPayable: 'IUD',
  dueTypeChanged: 'tipoDovuto',
  iuvChanged: 'codIuv',
  iuvDropped: 'codIuv',
  notFound: 'IUD',
}

/** The column that a reason is about; undefined for a line that is wrong as a whole, and for a cell, whose words name it themselves. */
export function columnOf(reason: Reason): ColumnHeader | undefined {
  if (reason.kind === 'value') return VALUE_COLUMNS[reason.error]
  if (reason.kind === 'state') return STATE_COLUMNS[reason.error]
  return reason.kind === 'form' && 'header' in reason ? reason.header : undefined
}
