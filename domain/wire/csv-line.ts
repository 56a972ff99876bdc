import Papa from 'papaparse'

/** Why a line cannot be read: a quote left open, or text after a closed one. */
export type CsvLine = { kind: 'fields'; fields: string[] } | { kind: 'bad_quotes' }

/**
 * The fields of one line, trimmed: `;` between them, `"` around those that hold a `;`, `""` for a quote inside quotes.
 * One line is one row: nothing a line holds reaches the next. Source: flows.md §1.6, §11.
 */
export function readCsvLine(line: string): CsvLine {
  if (!line.includes('"')) return { kind: 'fields', fields: trimmed(line.split(';')) }
  // The parser is not asked about line ends: there are none, and a lone CR is a character.
  const { data, errors } = Papa.parse<string[]>(line, { delimiter: ';', newline: '\n' })
  if (errors.length > 0 || data.length !== 1) return { kind: 'bad_quotes' }
  return { kind: 'fields', fields: trimmed(data[0]!) }
}

function trimmed(fields: string[]): string[] {
  for (let at = 0; at < fields.length; at++) fields[at] = fields[at]!.trim()
  return fields
}

/** Quotes only where the dialect needs them. */
export function writeCsvLine(fields: readonly string[]): string {
  return fields.map(quoted).join(';')
}

const quoted = (field: string): string =>
  field.includes(';') || field.includes('"') ? `"${field.replaceAll('"', '""')}"` : field
