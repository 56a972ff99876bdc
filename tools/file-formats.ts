import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { exportColumns, EXPIRED_HEADER, EXPORT_FORMATS } from '../domain/export/columns.ts'
import { FLOW_COLUMNS, FLOW_FORMATS, type Column } from '../domain/flow/columns.ts'
import { STATE_ERRORS, VALUE_ERRORS, type Reason } from '../domain/flow/reason.ts'
import { rejectOf, STATE_REJECTS, VALUE_RULES } from '../domain/wire/flow-reject.ts'
import { formRemedy, stateRemedy, valueRemedy } from '../templates/pages/operator/reject-remedies.ts'
import { COLUMN_RULES, FORM_FAULTS, UNREADABLE } from './file-format-words.ts'

export const FORMATS_PAGE = fileURLToPath(new URL('../docs/file-formats.md', import.meta.url))

const INTRO = `# Tracciati dei file

Disegnato da \`node --import tsx tools/file-formats.ts\` dalle tabelle di \`domain/flow/\` e \`domain/export/\`; un test fallisce quando
questa pagina non è aggiornata.

## Caricare dovuti

Il file è uno zip di nome \`<codIpa>-<IUF>-<versione>.zip\` con dentro un solo CSV dello stesso nome, senza cartelle. Né il codice IPA né lo
IUF contengono trattini. Conta il nome dello zip, e quello del CSV deve essere uguale: così uno zip rinominato per errore non carica righe
sotto un altro IUF. Maiuscole e minuscole non contano, nemmeno nelle estensioni, e non conta ciò che aggiunge un secondo scaricamento o una
copia (\`nome (1).zip\`, \`nome - Copia.zip\`, \`nome copia 2.zip\`). Ciò che i sistemi aggiungono da soli (\`__MACOSX/\`, \`._nome.csv\`,
\`.DS_Store\`, \`Thumbs.db\`, \`desktop.ini\`) è ignorato; qualsiasi altra cosa fa rifiutare il file, e il messaggio la nomina.

Il CSV è in UTF-8, con \`;\` tra i campi e una riga per dovuto; un campo che contiene \`;\` sta tra virgolette, e una virgoletta dentro le
virgolette si raddoppia. Gli spazi attorno ai campi, anche fuori dalle virgolette, non contano. La prima riga è l’intestazione della versione,
con questi nomi in quest’ordine, e si legge come le altre: virgolette, spazi, righe vuote prima, BOM; maiuscole e minuscole non contano. Può
finire con un \`;\`, e allora anche le righe. Una riga che non si legge è scartata da sola.

Per ricaricare le righe scartate si corregge il file \`_SCARTI\` e lo si carica con un IUF nuovo: \`<codIpa>-<IUF nuovo>-<versione>.zip\` con dentro
\`<codIpa>-<IUF nuovo>-<versione>.csv\`. Le colonne \`cod_rifiuto\` e \`de_rifiuto\` possono restare, o mancare: non si leggono.
Lo stesso vale per il CSV che la pagina di un flusso offre alle persone, \`<nome>_SCARTI_CON_RIMEDI.csv\`, che dopo quelle ha la colonna
\`rimedio\`. In quello, un campo che comincia con \`=\`, \`+\`, \`-\`, \`@\`, anche dopo apostrofi, ha davanti un apostrofo in più, perché un foglio di
calcolo non lo prenda per una formula; con \`rimedio\` nell’intestazione quell’apostrofo si toglie, e il valore è di nuovo quello della riga.

Importi con il punto e al più due decimali (\`24.50\`), date \`aaaa-mm-gg\`. Azioni: \`I\` inserisce, \`M\` sostituisce i dati di un dovuto
ancora da pagare, \`A\` lo annulla. Nella 1_4, se \`flagMultiBeneficiario\` non è \`true\` le colonne dell’ente secondario non si leggono; il
debitore paga la somma dei due importi.

Numeri: con \`flgGeneraIuv\` a \`true\` e \`codIuv\` vuoto la piattaforma assegna lo IUV, in ordine di riga, alle righe caricate. Uno IUV
dell’ente ha 17 cifre: comincia con il codice di segregazione, non seguito da \`00\`, e ha le cifre di controllo giuste. Oppure ha 25
caratteri e comincia con \`RF\`, con le cifre di controllo giuste; se finisce con \`0000\`, i caratteri 7 e 8 sono \`99\`. Uno IUV di 15 cifre
vale solo con \`M\` e \`A\`: per i dovuti nuovi valeva fino al 30/04/2024. Con \`M\` si ripete lo IUV del dovuto, se ne ha uno. Per ricaricare
righe annullate con lo IUV che la piattaforma aveva assegnato si scrive lo IUV e \`flgGeneraIuv\` a \`true\`.

Bilancio: XML senza prefissi, \`bilancio\` con uno o più \`capitolo\`; in ognuno \`codCapitolo\` (fino a 12 caratteri), \`codUfficio\` (facoltativo,
fino a 16) e uno o più \`accertamento\`, con \`codAccertamento\` (facoltativo, fino a 32) e \`importo\` con due decimali.

Ogni riga passa quattro controlli: la forma dei campi; lo IUD ripetuto nel file e l’azione; i valori; lo stato dei dovuti. Ci si ferma al
primo che trova errori. Di forma e valori sono detti tutti gli errori della riga, dello stato il primo.
`

/** Text of docs/file-formats.md. */
export function formatsPage(): string {
  return [
    INTRO,
    ...FLOW_FORMATS.map((format) => `### Versione ${format}\n\n${columnsTable(FLOW_COLUMNS[format])}\n`),
    OUTCOME,
    `${table([['Testo', 'Quando', 'Che cosa fare'], ...structureRejects()])}\n`,
    columnNames(),
    '### Valori\n\nI codici e i testi di una riga stanno uno dopo l’altro.\n',
    `${table([['Codice', 'Testo', 'Che cosa fare'], ...valueRejects()])}\n`,
    '### Stato dei dovuti\n',
    `${table([['Codice', 'Testo', 'Che cosa fare'], ...stateRejects()])}\n`,
    EXPORTS,
    ...EXPORT_FORMATS.map(
      (format) => `### Esportazione ${format}\n\n${list(exportColumns(format, format !== '1_0'))}\n`,
    ),
    `### Scaduti\n\n${list(EXPIRED_HEADER.split(';'))}\n`,
  ].join('\n')
}

const UNREADABLE_REJECT = rejectOf([{ kind: 'form', fault: 'unreadable' }])

const OUTCOME = `## Esiti di un caricamento

\`_IUV\` ha le righe caricate, nell’ordine del file, con lo IUV e gli importi per esteso. \`_SCARTI\` ha le righe scartate così come sono
arrivate, più \`cod_rifiuto\` e \`de_rifiuto\`. I codici sono quelli di sempre, difetti compresi: i programmi degli enti li leggono.

### Forma dei campi

Il codice è sempre \`${UNREADABLE_REJECT.code}\`; il testo elenca i campi, nell’ordine delle colonne.
`

const EXPORTS = `## Esportazioni

Dovuti pagati: \`;\` tra i campi, ogni campo tra virgolette, intestazione compresa. La versione 1_0 ha le colonne della ricevuta solo se
chieste. Scaduti: senza virgolette, con un \`;\` alla fine di ogni riga.
`

function columnsTable(columns: readonly Column[]): string {
  const rows = columns.map(({ header, max, isMandatory, isSecondary, kind }, at) => [
    String(at + 1),
    `\`${header}\``,
    String(max),
    isMandatory ? (isSecondary ? 'con ente secondario' : 'sì') : '',
    KINDS[kind],
    cell(COLUMN_RULES[header]),
  ])
  return table([['N.', 'Colonna', 'Lunghezza', 'Obbligatoria', 'Forma', 'Regola'], ...rows])
}

const KINDS: Record<Column['kind'], string> = {
  text: 'testo',
  words: 'testo',
  flag: '`true` o `false`',
  day: 'data',
  amount: 'importo',
}

const structureRejects = (): string[][] => [
  ...FORM_FAULTS.map(({ fault, text, when }) => [text, when, formRemedy(fault)].map(cell)),
  [`\`${UNREADABLE_REJECT.text}\``, UNREADABLE, formRemedy('unreadable')],
]

/** Says which column each name in the texts of rejects stands for. */
function columnNames(): string {
  const names = FLOW_COLUMNS['1_4'].map(({ header, label, missingLabel }) => {
    const also = missingLabel === undefined ? '' : ` (\`${missingLabel}\` quando manca)`
    return `- \`${label}\`: \`${header}\`${also}`
  })
  return `Al posto di \`COLONNA\` c’è il nome della colonna:\n\n${names.join('\n')}\n`
}

const valueRejects = (): string[][] =>
  VALUE_ERRORS.map((error) => {
    const { code, text } = VALUE_RULES[error]
    return [`\`${code}\``, cell(text), cell(valueRemedy(error))]
  })

function stateRejects(): string[][] {
  const missing: Reason = { kind: 'state', error: 'notFound', iud: '…', codIpa: '…' }
  return [
    ...STATE_ERRORS.map((error) => [STATE_REJECTS[error], stateRemedy(error)] as const),
    [rejectOf([missing]), stateRemedy('notFound')] as const,
  ].map(([{ code, text }, remedy]) => [`\`${code.replace(/^\|/, '')}\``, cell(text), cell(remedy)])
}

const cell = (text: string): string => text.replace(/^\|/, '').replaceAll('|', '\\|')

const list = (names: readonly string[]): string =>
  names.map((name, at) => `${at + 1}. \`${name}\``).join('\n')

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const [head, ...body] = rows
  return [line(head!), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join(
    '\n',
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FORMATS_PAGE, formatsPage())
