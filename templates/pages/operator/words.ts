import { shownFlowState, type ShownFlowState } from '../../../domain/flow/shown-state.ts'
import type { FlowState } from '../../../domain/states.ts'
import { wholeNumber } from '../../format.ts'

/** What operators read of a file of dues, where no count is known. */
export const FLOW_WORDS: Record<ShownFlowState, string> = {
  queued: 'In attesa',
  loading: 'In caricamento',
  paused: 'Sospeso',
  writing: 'Scrittura degli esiti',
  loaded: 'Caricato',
  partly_loaded: 'Caricato con scarti',
  all_rejected: 'Tutto scartato',
  refused: 'Rifiutato',
  stopped: 'Interrotto',
  cancelling: 'Annullamento in corso',
  cancelled: 'Annullato',
}

/** The same, with the count of what was left out. */
export function flowWords(flow: { state: FlowState; rowsRead: number; rowsRejected: number }): string {
  const shown = shownFlowState(flow)
  if (shown !== 'partly_loaded') return FLOW_WORDS[shown]
  const { rowsRejected } = flow
  return rowsRejected === 1 ? 'Caricato con 1 scarto' : `Caricato con ${wholeNumber(rowsRejected)} scarti`
}

/** Why a file is not taken, and what to do; `{…}` are filled. */
export const UPLOAD_PROBLEMS: Record<string, string> = {
  missing: 'Scegli un file zip da caricare.',
  ending: 'Il file deve essere uno zip: il suo nome finisce con .zip.',
  parts:
    'Il nome del file deve avere tre parti separate da un trattino: codice dell’ente, IUF e versione, per esempio {codIpa}-TRIBUTI202601-1_3.zip.',
  iuf: 'Un flusso con questo IUF è già stato caricato. Usa un altro IUF nel nome del file, oppure annulla prima il flusso esistente.',
  iuf_malformed:
    'La seconda parte del nome (IUF) ha al massimo 50 lettere, cifre, punti o trattini bassi e comincia con una lettera o una cifra.',
  ente: 'La prima parte del nome del file deve essere {codIpa}, il codice dell’ente in cui sei.',
  format: 'L’ultima parte del nome deve essere una versione del tracciato: 1_0, 1_1, 1_2, 1_3 o 1_4.',
  bytes: 'Questo stesso file è già stato caricato.',
  token: 'Questo permesso di caricamento è già stato usato: chiedine uno nuovo.',
  too_big: 'Il file supera la dimensione massima di {maxMegabytes} MB. Dividilo in più file con IUF diversi.',
  two_files: 'Si può inviare un solo file alla volta.',
  no_space: 'Non c’è più spazio per conservare il file: non ne è rimasto nulla. Invialo di nuovo più tardi.',
  outcome:
    'Questo è un file di esito di un flusso già caricato. Per caricare le righe corrette dai allo zip e al CSV un nome nuovo con un altro IUF: {codIpa}-<nuovo IUF>-{format}.zip e {codIpa}-<nuovo IUF>-{format}.csv.',
  not_zip: 'Il file non è uno zip leggibile. Comprimi di nuovo il CSV e riprova.',
  too_many_entries: 'Lo zip contiene troppi file: deve contenerne uno solo, {base}.csv.',
  no_csv: 'Nello zip non c’è nessun CSV: deve contenere {base}.csv.',
  several_csv: 'Nello zip c’è più di un CSV, per esempio anche “{entry}”: deve contenere solo {base}.csv.',
  other_name:
    'Il CSV dentro lo zip si chiama “{entry}”, ma lo zip si chiama {base}.zip: i due nomi devono essere uguali. Rinomina quello sbagliato e comprimi di nuovo.',
  other_entry: 'Nello zip c’è “{entry}”: deve contenere un solo file, {base}.csv.',
  nested_archive: 'Nello zip c’è un altro archivio, “{entry}”: comprimi direttamente {base}.csv.',
  in_folder: 'Nello zip “{entry}” è in una cartella: comprimi il solo file {base}.csv, non la cartella.',
  leaves_folder:
    'Nello zip “{entry}” è un percorso che esce dalla cartella. Comprimi di nuovo il solo file {base}.csv.',
  absolute_path:
    'Nello zip “{entry}” è un percorso assoluto, che parte dalla radice di un disco. Comprimi di nuovo il solo file {base}.csv.',
  link: 'Nello zip “{entry}” è un collegamento, non un file. Comprimi il file {base}.csv stesso.',
  encrypted: 'Nello zip “{entry}” è protetto da password. Crea lo zip senza password.',
  broken: 'Lo zip è danneggiato o incompleto. Comprimi di nuovo il CSV e riprova.',
  too_big_unpacked: 'Il file dentro lo zip è troppo grande. Dividilo in più file con IUF diversi.',
  bomb: 'Il file dentro lo zip è troppo grande rispetto allo zip: non sembra un elenco di dovuti.',
  empty: 'Il file dentro lo zip è vuoto: manca anche la riga di intestazione.',
  header_unreadable:
    'La prima riga del file non si legge: deve essere l’intestazione, in UTF-8, con le virgolette chiuse.',
  header:
    'La prima riga non è l’intestazione della versione {format}: nella colonna {position} è atteso “{expected}”, c’è “{found}”.',
  header_less:
    'La prima riga non è l’intestazione della versione {format}: manca la colonna {position}, “{expected}”.',
  header_more:
    'La prima riga non è l’intestazione della versione {format}: dopo l’ultima colonna, la {position} “{found}” non è prevista.',
}

/** Whole files that could not be loaded. */
export const FLOW_ERRORS: Record<string, string> = {
  PAA_IMPORT_FLUSSO_ERRORE_GENERICO:
    'Il caricamento si è interrotto per un problema tecnico. Le righe già caricate restano valide: segnala il codice all’assistenza.',
}

export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
