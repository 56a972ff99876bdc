import type { ColumnHeader } from '../domain/flow/columns.ts'
import type { StateError, ValueError } from '../domain/flow/reject.ts'

/** What docs/file-formats.md says beside each column and each error: the compiler asks for every one of them. */

const CIVICO = 'lettere, cifre e segni senza accenti'
const CAP = 'lettere e cifre'
const PROVINCIA = 'sigla, controllata solo se la nazione è IT'
const NAZIONE = 'codice ISO di due lettere'

export const COLUMN_RULES: Record<ColumnHeader, string> = {
  IUD: 'unico tra i dovuti dell’ente non annullati; non comincia con 000',
  codIuv: 'vuoto, o come detto sopra in “Numeri”',
  tipoIdentificativoUnivoco: 'F persona, G organizzazione',
  codiceIdentificativoUnivoco:
    'con F codice fiscale, partita IVA, o ANONIMO se il tipo dovuto lo permette; con G partita IVA',
  anagraficaPagatore: '',
  indirizzoPagatore: '',
  civicoPagatore: CIVICO,
  capPagatore: CAP,
  localitaPagatore: '',
  provinciaPagatore: PROVINCIA,
  nazionePagatore: NAZIONE,
  mailPagatore: 'un indirizzo',
  dataEsecuzionePagamento:
    'scadenza; serve se il tipo dovuto la rende obbligatoria o la stampa; se è obbligatoria non può essere passata',
  importoDovuto: 'da 0.01 a 999999999.99',
  commissioneCaricoPa: 'fino a 999999999.99',
  tipoDovuto: 'codice di un tipo dovuto attivo dell’ente, non la marca da bollo; con M non cambia',
  tipoVersamento: 'ALL (vale anche vuoto), oppure BBT, BP, AD, CP, PO, OBEP separati da |',
  causaleVersamento: '',
  datiSpecificiRiscossione: '0, 1, 2 o 9, una barra e da 3 a 138 caratteri senza spazi',
  bilancio: 'XML, come detto sopra; la somma è importoDovuto',
  flgGeneraIuv: 'vuoto vale false',
  flagMultiBeneficiario: 'vuoto vale false',
  codiceFiscaleEnteSecondario: 'partita IVA di un altro ente',
  denominazioneEnteSecondario: '',
  ibanAccreditoEnteSecondario: 'IT o SM, 27 caratteri, con cifre di controllo e CIN giusti',
  indirizzoEnteSecondario: '',
  civicoEnteSecondario: CIVICO,
  capEnteSecondario: CAP,
  localitaEnteSecondario: '',
  provinciaEnteSecondario: PROVINCIA,
  nazioneEnteSecondario: NAZIONE,
  datiSpecificiRiscossioneEnteSecondario:
    'sempre: un codice della tassonomia, come 9/0201102IM/, e testo senza spazi',
  causaleVersamentoEnteSecondario: '',
  importoVersamentoEnteSecondario: 'da 0.01; sommato a importoDovuto fa al massimo 999999999.99',
  azione: 'I, M o A, maiuscola',
}

/** Stage A: text, when, what to do. */
export const FIELD_REMEDIES: readonly (readonly [text: string, when: string, remedy: string])[] = [
  ['`COLONNA NON PRESENTE`', 'Una colonna obbligatoria è vuota.', 'Scrivi il valore.'],
  ['`COLONNA TROPPO GRANDE`', 'Il valore supera la lunghezza della colonna.', 'Accorcialo.'],
  ['`COLONNA NON CONFORME`', 'Un campo sì/no non è true o false.', 'Scrivi true o false.'],
  [
    '`COLONNA NON CONFROME: valore`',
    'Un importo non è un numero con il punto e al più due decimali.',
    'Scrivilo come 24.50, senza segno e senza separatore delle migliaia.',
  ],
  [
    '`dataScadenzaPagamento:wrong DATE pattern or wrong DATE data`',
    'La scadenza non è una data.',
    'Scrivila come 2026-03-31.',
  ],
  [
    '`Too many columns`',
    'La riga ha più colonne della versione.',
    'Togli quelle in più, o metti tra virgolette i campi che contengono un punto e virgola.',
  ],
]

export const UNREADABLE_REMEDY = [
  'La riga ha meno colonne della versione, le virgolette non si chiudono, o è troppo lunga.',
  'Conta i punti e virgola della riga e chiudi le virgolette.',
] as const

export const VALUE_REMEDIES: Record<ValueError, string> = {
  iud: 'Usa uno IUD che non comincia con 000: è della piattaforma.',
  iuv: 'Controlla lunghezza, codice di segregazione e cifre di controllo, oppure lascia vuoto e chiedi il numero con flgGeneraIuv.',
  tipoUnknown: 'Usa il codice di un tipo dovuto attivo dell’ente.',
  stampDuty: 'La marca da bollo non si carica con un file.',
  codiceFiscale: 'Controlla i caratteri; ANONIMO vale solo per i tipi dovuto che lo permettono.',
  partitaIva: 'Controlla le 11 cifre; per una persona scrivi F.',
  kindOfPerson: 'Scrivi F o G.',
  civico: 'Togli accenti e segni particolari.',
  nazione: 'Usa il codice di due lettere, per esempio IT.',
  provincia: 'Usa la sigla, per esempio VE, o lascia vuoto.',
  cap: 'Lascia solo lettere e cifre.',
  email: 'Correggi l’indirizzo o lascialo vuoto.',
  dueOnMissing: 'Scrivi la scadenza: il tipo dovuto la richiede.',
  importoZero: 'Scrivi un importo maggiore di zero.',
  importoTooBig: 'L’importo massimo è 999999999.99.',
  commissione: 'La commissione massima è 999999999.99.',
  tipoVersamento: 'Usa ALL da solo, o i codici separati da |.',
  datiSpecifici: 'Per esempio 9/0107101TS/MENSA, senza spazi.',
  bilancio: 'Controlla che l’XML sia completo e che la somma sia importoDovuto.',
  secondaryCodiceFiscale: 'Controlla le 11 cifre: sono di un ente diverso da questo.',
  secondaryIban: 'Controlla i 27 caratteri.',
  secondaryCivico: 'Togli accenti e segni particolari.',
  secondaryNazione: 'Usa il codice di due lettere, per esempio IT.',
  secondaryProvincia: 'Usa la sigla, per esempio VE, o lascia vuoto.',
  secondaryCap: 'Lascia solo lettere e cifre.',
  secondaryDatiSpecifici: 'Comincia con un codice della tassonomia, per esempio 9/0201102IM/TEFA.',
  secondaryImporto: 'Scrivi un importo maggiore di zero; i due insieme fanno al massimo 999999999.99.',
}

export const STATE_REMEDIES: Record<StateError | 'notFound', string> = {
  iudTwiceInFlow: 'Una riga prima ha già caricato questo IUD: metti la seconda in un altro file.',
  azione: 'Scrivi I, M o A, maiuscola.',
  notAllowed: 'Chiedi all’amministratore dell’ente di abilitarti al tipo dovuto.',
  dueOnRequired: 'Scrivi la scadenza: il tipo dovuto la stampa sull’avviso.',
  dueOnPast: 'Scrivi una scadenza da oggi in poi.',
  iudTaken: 'Usa un altro IUD, o M per correggere il dovuto che c’è.',
  iuvTaken: 'Usa un altro IUV: questo è di un altro dovuto.',
  notPayable: 'Il dovuto è in pagamento: aspetta che finisca.',
  tipoChanged: 'Annulla il dovuto con A e caricane uno nuovo con un altro IUD o in un altro file.',
  iuvChanged: 'Scrivi lo IUV che il dovuto ha già: è nel file _IUV.',
  iuvDropped: 'Scrivi lo IUV che il dovuto ha già: è nel file _IUV.',
  notFound: 'Controlla lo IUD: il dovuto non c’è, è annullato o è già pagato.',
}
