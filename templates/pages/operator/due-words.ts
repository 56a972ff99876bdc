import type { ColumnHeader } from '../../../domain/flow/columns.ts'
import type { StateError, ValueError } from '../../../domain/flow/reject.ts'
import type { DueState } from '../../../domain/states.ts'
import { UNSEEN_PROBLEM } from '../unseen.ts'

export const DUE_WORDS: Record<DueState, string> = {
  payable: 'Da pagare',
  paying: 'Pagamento iniziato',
  paid: 'Pagato',
  cancelled: 'Annullato',
}
export const EXPIRED_WORDS = 'Scaduto'

export const CANCELLED_WORDS: Record<string, string> = {
  operator: 'da un operatore',
  flow: 'con tutto il suo flusso',
  row: 'da una riga di un flusso (azione A)',
  replaced: 'sostituito da una versione corretta',
  payer: 'da chi lo aveva creato',
}

/** Events of a due; a change of state is told by the state. */
export const EVENT_WORDS: Record<string, string> = {
  born: 'Creato',
  changed: 'Modificato',
  cancelled_by: 'Annullamento chiesto',
}

export const FIELD_FAULTS = {
  missing: 'Compila questo campo.',
  too_long: 'Il testo è troppo lungo.',
  malformed: 'Il valore non è scritto nel modo giusto.',
  unseen: UNSEEN_PROBLEM,
} as const

/** The field of the form that an error is about, and what to do. */
export const VALUE_PROBLEMS: Record<ValueError, [field: ColumnHeader, text: string]> = {
  iud: ['IUD', 'Lo IUD non può cominciare con 000 né contenere caratteri che non si vedono.'],
  iuv: [
    'codIuv',
    'Lo IUV non è valido: 17 cifre che cominciano con il codice dell’ente, con le cifre di controllo giuste.',
  ],
  tipoUnknown: ['tipoDovuto', 'Scegli un tipo dovuto attivo.'],
  stampDuty: ['tipoDovuto', 'La marca da bollo non si inserisce da qui.'],
  codiceFiscale: ['codiceIdentificativoUnivoco', 'Il codice fiscale non è valido: controlla i caratteri.'],
  partitaIva: ['codiceIdentificativoUnivoco', 'La partita IVA non è valida: sono 11 cifre.'],
  kindOfPerson: ['tipoIdentificativoUnivoco', 'Scegli se è una persona o un’organizzazione.'],
  indirizzo: ['indirizzoPagatore', UNSEEN_PROBLEM],
  civico: ['civicoPagatore', 'Il numero civico contiene caratteri non ammessi.'],
  nazione: ['nazionePagatore', 'La nazione è un codice di due lettere, per esempio IT.'],
  provincia: ['provinciaPagatore', 'La provincia è una sigla italiana, per esempio VE.'],
  cap: ['capPagatore', 'Il CAP contiene solo lettere e cifre.'],
  email: ['mailPagatore', 'L’indirizzo e-mail non è valido, per esempio nome@example.it.'],
  dueOnMissing: ['dataEsecuzionePagamento', 'Questo tipo dovuto richiede la scadenza.'],
  importoZero: ['importoDovuto', 'L’importo deve essere maggiore di zero.'],
  importoTooBig: ['importoDovuto', 'L’importo è troppo grande.'],
  commissione: ['commissioneCaricoPa', 'L’importo è troppo grande.'],
  tipoVersamento: ['tipoVersamento', 'Il tipo di versamento non è valido.'],
  datiSpecifici: [
    'datiSpecificiRiscossione',
    'Sono una cifra tra 0, 1, 2 e 9, una barra e almeno tre caratteri senza spazi, per esempio 9/0107101TS/MENSA.',
  ],
  bilancio: ['bilancio', 'Il bilancio non si legge, o la sua somma è diversa dall’importo.'],
  secondaryCodiceFiscale: [
    'codiceFiscaleEnteSecondario',
    'Il codice fiscale dell’ente secondario non è valido, o è quello di questo ente.',
  ],
  secondaryIban: ['ibanAccreditoEnteSecondario', 'L’IBAN non è valido: controlla i 27 caratteri.'],
  secondaryIndirizzo: ['indirizzoEnteSecondario', UNSEEN_PROBLEM],
  secondaryCivico: ['civicoEnteSecondario', 'Il numero civico contiene caratteri non ammessi.'],
  secondaryNazione: ['nazioneEnteSecondario', 'La nazione è un codice di due lettere, per esempio IT.'],
  secondaryProvincia: ['provinciaEnteSecondario', 'La provincia è una sigla italiana, per esempio VE.'],
  secondaryCap: ['capEnteSecondario', 'Il CAP contiene solo lettere e cifre.'],
  secondaryDatiSpecifici: [
    'datiSpecificiRiscossioneEnteSecondario',
    'Devono essere un codice della tassonomia e un testo senza spazi né barre, per esempio 9/0201102IM/TEFA.',
  ],
  secondaryImporto: [
    'importoVersamentoEnteSecondario',
    'L’importo deve essere maggiore di zero, e la somma dei due non troppo grande.',
  ],
}

export const STATE_PROBLEMS: Record<StateError, [field: ColumnHeader, text: string]> = {
  iudTwiceInFlow: ['IUD', 'Questo IUD è già usato.'],
  azione: ['IUD', 'Questo dovuto non si può salvare.'],
  notAllowed: ['tipoDovuto', 'Non sei abilitato a questo tipo dovuto.'],
  dueOnRequired: ['dataEsecuzionePagamento', 'Questo tipo dovuto richiede la scadenza.'],
  dueOnPast: ['dataEsecuzionePagamento', 'La scadenza non può essere nel passato.'],
  iudTaken: ['IUD', 'Questo IUD non è libero: usane un altro.'],
  // Whose due has it may not be the reader's to know.
  iuvTaken: ['codIuv', 'Questo IUV non è libero: usane un altro.'],
  notPayable: ['IUD', 'Il dovuto non si può modificare: è in pagamento, pagato o annullato.'],
  tipoChanged: ['tipoDovuto', 'Il tipo di un dovuto non si cambia: annullalo e creane un altro.'],
  iuvChanged: ['codIuv', 'Lo IUV di un dovuto non si cambia.'],
  iuvDropped: ['codIuv', 'Lo IUV di un dovuto non si toglie.'],
}

export const DUE_LABELS: Partial<Record<ColumnHeader, string>> = {
  IUD: 'IUD',
  tipoDovuto: 'Tipo dovuto',
  tipoIdentificativoUnivoco: 'Il debitore è',
  codiceIdentificativoUnivoco: 'Codice fiscale o partita IVA',
  anagraficaPagatore: 'Nome e cognome, o denominazione',
  indirizzoPagatore: 'Indirizzo',
  civicoPagatore: 'Numero civico',
  capPagatore: 'CAP',
  localitaPagatore: 'Località',
  provinciaPagatore: 'Provincia',
  nazionePagatore: 'Nazione',
  mailPagatore: 'E-mail',
  dataEsecuzionePagamento: 'Scadenza',
  importoDovuto: 'Importo',
  causaleVersamento: 'Causale',
  datiSpecificiRiscossione: 'Dati specifici di riscossione',
  bilancio: 'Bilancio (XML)',
  codIuv: 'IUV',
  flgGeneraIuv: 'Numero dell’avviso',
  flagMultiBeneficiario: 'Secondo ente beneficiario',
  codiceFiscaleEnteSecondario: 'Codice fiscale dell’ente secondario',
  denominazioneEnteSecondario: 'Denominazione dell’ente secondario',
  ibanAccreditoEnteSecondario: 'IBAN dell’ente secondario',
  datiSpecificiRiscossioneEnteSecondario: 'Dati specifici di riscossione dell’ente secondario',
  causaleVersamentoEnteSecondario: 'Causale dell’ente secondario',
  importoVersamentoEnteSecondario: 'Importo dell’ente secondario',
}

/** Messages about a due. */
export const MESSAGE_WORDS = {
  mail: 'E-mail al cittadino',
  node_in: 'Da pagoPA',
  node_out: 'A pagoPA',
} as const
