/** `bad_quotes`: a quote is left open, or text follows a closed one. */
export type CsvLine = { kind: 'fields'; fields: string[] } | { kind: 'bad_quotes' }

/**
 * A field up to the next `;`: in quotes, with blanks around them, or as it stands. A field that begins with a quote and
 * does not match the quoted form is an error.
 */
const FIELD = /\s*"([^"]*(?:""[^"]*)*)"\s*(?=;|$)|(?!")[^;]*/y

/**
 * The fields of one line, trimmed: `;` between them, `"` around those that contain a `;`, `""` for a quote inside
 * quotes. One line is one row, so that a bad line cannot spoil the next. Source: docs/field/files.md#lines.
 */
export function readCsvLine(line: string): CsvLine {
  if (!line.includes('"')) return { kind: 'fields', fields: line.split(';').map((field) => field.trim()) }
  const { fields, end } = scan(line, Infinity)
  return end === undefined ? { kind: 'bad_quotes' } : { kind: 'fields', fields }
}

/** The unchanged text of the first `count` fields, whatever follows them; undefined when their quotes are wrong. */
export function firstFields(line: string, count: number): string | undefined {
  const { end } = scan(line, count)
  return end === undefined ? undefined : line.slice(0, end)
}

function scan(line: string, most: number): { fields: string[]; end: number | undefined } {
  const fields: string[] = []
  for (let at = 0; ;) {
    FIELD.lastIndex = at
    const match = FIELD.exec(line)
    if (!match) return { fields, end: undefined }
    fields.push((match[1]?.replaceAll('""', '"') ?? match[0]).trim())
    const end = at + match[0].length
    if (end === line.length || fields.length === most) return { fields, end }
    at = end + 1
  }
}

/** Writes quotes only where the format needs them. */
export function writeCsvLine(fields: readonly string[]): string {
  return fields.map(quoted).join(';')
}

const quoted = (field: string): string =>
  field.includes(';') || field.includes('"') ? `"${field.replaceAll('"', '""')}"` : field
