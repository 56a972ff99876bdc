import {
  notFoundReject,
  STATE_REJECTS,
  STRUCTURE,
  UNREADABLE_LINE,
  unreadableText,
  VALUE_RULES,
  type Reject,
  type StateError,
  type ValueError,
} from '../../../domain/flow/reject.ts'

/** What to do about each reason why a row is left out: the texts of the files are fixed, and say little. */

/** Stage A: text, when, what to do. */
export const FIELD_REMEDIES: readonly (readonly [text: string, when: string, remedy: string])[] = [
  ['`COLONNA NON PRESENTE`', 'Una colonna obbligatoria è vuota.', 'Scrivi il valore.'],
  ['`COLONNA TROPPO GRANDE`', 'Il valore supera la lunghezza della colonna.', 'Accorcialo.'],
  ['`FLAG_… NON CONFORME`', 'Un campo sì/no non è true o false.', 'Scrivi true o false.'],
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
  [
    '`COLONNA NON CONFORME`',
    'Un testo contiene caratteri che non si vedono: un a capo, una tabulazione, un segno di direzione, uno spazio senza larghezza.',
    'Cancella il testo e riscrivilo a mano.',
  ],
]

export const UNREADABLE_REMEDY = [
  'La riga ha meno colonne della versione, le virgolette non si chiudono, o è troppo lunga.',
  'Conta i punti e virgola della riga e chiudi le virgolette.',
] as const

export const VALUE_REMEDIES: Record<ValueError, string> = {
  iud: 'Usa uno IUD che non comincia con 000, perché è della piattaforma, e senza caratteri che non si vedono.',
  iuv: 'Controlla lunghezza, codice di segregazione e cifre di controllo, oppure lascia vuoto e chiedi il numero con flgGeneraIuv.',
  tipoUnknown: 'Usa il codice di un tipo dovuto attivo dell’ente.',
  stampDuty: 'La marca da bollo non si carica con un file.',
  codiceFiscale: 'Controlla i caratteri; ANONIMO vale solo per i tipi dovuto che lo permettono.',
  partitaIva: 'Controlla le 11 cifre; per una persona scrivi F.',
  kindOfPerson: 'Scrivi F o G.',
  indirizzo: 'Cancella l’indirizzo e riscrivilo a mano: contiene caratteri che non si vedono.',
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
  secondaryIndirizzo: 'Cancella l’indirizzo e riscrivilo a mano: contiene caratteri che non si vedono.',
  secondaryCivico: 'Togli accenti e segni particolari.',
  secondaryNazione: 'Usa il codice di due lettere, per esempio IT.',
  secondaryProvincia: 'Usa la sigla, per esempio VE, o lascia vuoto.',
  secondaryCap: 'Lascia solo lettere e cifre.',
  secondaryDatiSpecifici:
    'Un codice della tassonomia e un testo senza spazi né barre, per esempio 9/0201102IM/TEFA.',
  secondaryImporto: 'Scrivi un importo maggiore di zero; i due insieme fanno al massimo 999999999.99.',
}

export const STATE_REMEDIES: Record<StateError | 'notFound', string> = {
  iudTwiceInFlow: 'Una riga prima ha già caricato questo IUD: metti la seconda in un altro file.',
  azione: 'Scrivi I, M o A, maiuscola.',
  notAllowed: 'Chiedi all’amministratore dell’ente di abilitarti al tipo dovuto.',
  dueOnRequired: 'Scrivi la scadenza: il tipo dovuto la stampa sull’avviso.',
  dueOnPast: 'Scrivi una scadenza da oggi in poi.',
  iudTaken: 'Usa un altro IUD. Se il dovuto che lo ha è tra quelli che puoi usare, correggilo con M.',
  iuvTaken: 'Usa un altro IUV: questo non è libero.',
  notPayable: 'Il dovuto è in pagamento: aspetta che finisca.',
  tipoChanged: 'Annulla il dovuto con A e caricane uno nuovo con un altro IUD o in un altro file.',
  iuvChanged: 'Scrivi lo IUV che il dovuto ha già: è nel file _IUV.',
  iuvDropped: 'Scrivi lo IUV che il dovuto ha già: è nel file _IUV.',
  notFound: 'Controlla lo IUD: tra i dovuti che puoi usare non c’è, o è annullato o già pagato.',
}

const NOT_UTF8 = 'Scrivi lo IUD; se c’è, la riga non è in UTF-8: salva il file come “CSV UTF-8”.'
const STRUCTURE_REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/ NON PRESENTE/, FIELD_REMEDIES[0]![2]],
  [/ TROPPO GRANDE/, FIELD_REMEDIES[1]![2]],
  [/\|FLAG_\w+ NON CONFORME/, FIELD_REMEDIES[2]![2]],
  [/ NON CONFROME: /, FIELD_REMEDIES[3]![2]],
  [/wrong DATE/, FIELD_REMEDIES[4]![2]],
  [/Too many columns/, FIELD_REMEDIES[5]![2]],
  [/\|(?!FLAG_)\w+ NON CONFORME/, FIELD_REMEDIES[6]![2]],
]

/** What to do about a row, in the order of its reasons. */
export function remediesOf({ code, text }: Reject): string[] {
  if (code === STRUCTURE) return structureRemedies(text)
  const states = (Object.keys(STATE_REJECTS) as StateError[]).filter(
    (name) => STATE_REJECTS[name].code === code && STATE_REJECTS[name].text === text,
  )
  if (states.length > 0) return states.map((name) => STATE_REMEDIES[name])
  if (code === notFoundReject('', '').code) return [STATE_REMEDIES.notFound]
  const values = (Object.keys(VALUE_RULES) as ValueError[]).filter(
    (name) => code.includes(VALUE_RULES[name].code) && text.includes(VALUE_RULES[name].text),
  )
  return values.map((name) => VALUE_REMEDIES[name])
}

function structureRemedies(text: string): string[] {
  if (text === UNREADABLE_LINE) return [UNREADABLE_REMEDY[1]]
  if (text === unreadableText().text) return [NOT_UTF8]
  return STRUCTURE_REMEDIES.filter(([pattern]) => pattern.test(text)).map(([, remedy]) => remedy)
}
