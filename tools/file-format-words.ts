import type { ColumnHeader } from '../domain/flow/columns.ts'
import type { FieldFault, LineFault } from '../domain/flow/reason.ts'
import { MAX_IMPORTO, wireImporto } from '../domain/money.ts'

/** Texts of docs/file-formats.md beside each column. The type makes the compiler report a column without a text. */

const CIVICO = 'lettere, cifre e segni senza accenti'
const CAP = 'lettere e cifre'
const PROVINCIA = 'sigla, controllata solo se la nazione è IT'
const NAZIONE = 'codice ISO di due lettere'
const MOST = wireImporto(MAX_IMPORTO)

export const COLUMN_RULES: Record<ColumnHeader, string> = {
  IUD: 'unico tra i dovuti dell’ente non annullati, comunque ne siano scritti gli accenti; non comincia con 000',
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
  importoDovuto: `da 0.01 a ${MOST}`,
  commissioneCaricoPa: `fino a ${MOST}`,
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
    'sempre: un codice della tassonomia, come 9/0201102IM/, e testo senza spazi né barre',
  causaleVersamentoEnteSecondario: '',
  importoVersamentoEnteSecondario: `da 0.01; sommato a importoDovuto fa al massimo ${MOST}`,
  azione: 'I, M o A, maiuscola',
}

/** Of a field whose form is wrong: the text of the file, and when it is written. */
export const FORM_FAULTS: readonly { fault: FieldFault | LineFault; text: string; when: string }[] = [
  { fault: 'missing', text: '`COLONNA NON PRESENTE`', when: 'Una colonna obbligatoria è vuota.' },
  { fault: 'tooLong', text: '`COLONNA TROPPO GRANDE`', when: 'Il valore supera la lunghezza della colonna.' },
  { fault: 'flag', text: '`FLAG_… NON CONFORME`', when: 'Un campo sì/no non è true o false.' },
  {
    fault: 'amount',
    text: '`COLONNA NON CONFROME: valore`',
    when: 'Un importo non è un numero con il punto e al più due decimali.',
  },
  {
    fault: 'day',
    text: '`dataScadenzaPagamento:wrong DATE pattern or wrong DATE data`',
    when: 'La scadenza non è una data.',
  },
  { fault: 'tooManyColumns', text: '`Too many columns`', when: 'La riga ha più colonne della versione.' },
  {
    fault: 'unseen',
    text: '`COLONNA NON CONFORME`',
    when: 'Un testo contiene caratteri che non si vedono: un a capo, una tabulazione, un segno di direzione, uno spazio senza larghezza.',
  },
]

export const UNREADABLE =
  'La riga ha meno colonne della versione, le virgolette non si chiudono, o è troppo lunga.'
