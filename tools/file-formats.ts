import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { exportColumns, EXPIRED_HEADER, EXPORT_FORMATS } from '../domain/export/columns.ts'
import { FLOW_COLUMNS, FLOW_FORMATS, type Column } from '../domain/flow/columns.ts'
import { STATE_REJECTS, VALUE_RULES } from '../domain/flow/reject.ts'

export const FORMATS_PAGE = fileURLToPath(new URL('../docs/file-formats.md', import.meta.url))

const INTRO = `# Tracciati dei file

Disegnato da \`node --import tsx tools/file-formats.ts\` dalle tabelle di \`domain/flow/\` e \`domain/export/\`; un test fallisce quando
questa pagina non è aggiornata.

## Caricare dovuti

Il file è uno zip di nome \`<codIpa>-<IUF>-<versione>.zip\` con dentro un solo CSV dello stesso nome. Né il codice IPA né lo IUF
contengono trattini. Il CSV è in UTF-8, con \`;\` tra i campi e una riga per dovuto; un campo che contiene \`;\` sta tra virgolette, e una
virgoletta dentro le virgolette si raddoppia. La prima riga è l’intestazione della versione, con questi nomi in quest’ordine; maiuscole
e minuscole non contano. Una riga che non si legge è scartata da sola.

Importi con il punto e al più due decimali (\`24.50\`), date \`aaaa-mm-gg\`. Azioni: \`I\` inserisce, \`M\` sostituisce i dati di un dovuto
ancora da pagare, \`A\` lo annulla. Nella 1_4, se \`flagMultiBeneficiario\` non è \`true\` le colonne dell’ente secondario non si leggono; il
debitore paga la somma dei due importi.

Numeri: con \`flgGeneraIuv\` a \`true\` e \`codIuv\` vuoto la piattaforma assegna lo IUV, in ordine di riga, alle righe caricate. Uno IUV
dell’ente ha 17 cifre, comincia con il codice dell’ente, non usa l’intervallo \`00\` e ha le cifre di controllo giuste.
`

/** docs/file-formats.md as text. */
export function formatsPage(): string {
  return [
    INTRO,
    ...FLOW_FORMATS.map((format) => `### Versione ${format}\n\n${columnsTable(FLOW_COLUMNS[format])}\n`),
    OUTCOME,
    `${table([['Codice', 'Testo'], ...rejects()])}\n`,
    EXPORTS,
    ...EXPORT_FORMATS.map(
      (format) => `### Esportazione ${format}\n\n${list(exportColumns(format, format !== '1_0'))}\n`,
    ),
    `### Scaduti\n\n${list(EXPIRED_HEADER.split(';'))}\n`,
  ].join('\n')
}

const OUTCOME = `## Esiti di un caricamento

\`_IUV\` ha le righe caricate, nell’ordine del file, con lo IUV e gli importi per esteso. \`_SCARTI\` ha le righe scartate così come sono
arrivate, più \`cod_rifiuto\` e \`de_rifiuto\`. I codici sono quelli di sempre, difetti compresi: i programmi degli enti li leggono.

Errori di struttura: codice \`PAA_IMPORT_SINTASSI_CSV\`; il testo elenca i campi con \`NON PRESENTE\`, \`TROPPO GRANDE\`, \`NON CONFORME\` (\`NON
CONFROME\` per gli importi). Gli altri:
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
  ])
  return table([['N.', 'Colonna', 'Lunghezza', 'Obbligatoria', 'Forma'], ...rows])
}

const KINDS: Record<Column['kind'], string> = {
  text: 'testo',
  flag: '`true` o `false`',
  day: 'data',
  amount: 'importo',
}

function rejects(): string[][] {
  const values = Object.values(VALUE_RULES).map(({ code, text }) => [code, text])
  const states = Object.values(STATE_REJECTS).map(({ code, text }) => [code.slice(code.indexOf('P')), text])
  return [...values, ...states].map(([code, text]) => [
    `\`${code}\``,
    text!.replace(/^\|/, '').replaceAll('|', '\\|'),
  ])
}

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
