import { describe, expect, it } from 'vitest'
import { readCsvLine } from '../wire/csv-line.ts'
import { FLOW_COLUMNS, FLOW_FORMATS, type FlowFormat } from './columns.ts'
import { judgeHeader } from './header.ts'

const namesOf = (format: FlowFormat): string[] => FLOW_COLUMNS[format].map(({ header }) => header)

function judge(format: FlowFormat, line: string): ReturnType<typeof judgeHeader> {
  const read = readCsvLine(line)
  if (read.kind !== 'fields') throw new Error(read.kind)
  return judgeHeader(format, read.fields)
}

describe.each(FLOW_FORMATS)('the header of version %s', (format) => {
  const names = namesOf(format)

  it.each<[string, string, string]>([
    ['as it is documented', names.join(';'), 'none'],
    ['in quotes', names.map((name) => `"${name}"`).join(';'), 'none'],
    ['with blanks around its names', names.map((name) => `  ${name}\t`).join(';'), 'none'],
    ['with blanks around its quotes and inside them', names.map((name) => ` " ${name} " `).join(';'), 'none'],
    ['in capitals', names.join(';').toUpperCase(), 'none'],
    ['in small letters', names.join(';').toLowerCase(), 'none'],
    ['with a `;` at its end', `${names.join(';')};`, 'blank'],
    ['with a `;` and blanks at its end', `${names.join(';')}; "" `, 'blank'],
    ['of a file of rejected rows', `${names.join(';')};cod_rifiuto;de_rifiuto`, 'reasons'],
    ['of rejected rows for people', `${names.join(';')};cod_rifiuto;de_rifiuto;rimedio`, 'remedies'],
    ['of one that a program wrote again', `${names.join(';')};"COD_RIFIUTO";"De_Rifiuto";`, 'reasons'],
  ])('is right %s', (_, line, tail) => {
    expect(judge(format, line)).toEqual({ kind: 'ok', tail })
  })

  it.each<[string, string[], number, string, string]>([
    ['another name', ['x', ...names.slice(1)], 1, names[0]!, 'x'],
    ['a column less', names.slice(0, -1), names.length, 'azione', ''],
    ['a column more', [...names, 'note'], names.length + 1, '', 'note'],
    ['two `;` at the end', [...names, '', ''], names.length + 1, '', ''],
    ['half of the reasons', [...names, 'cod_rifiuto'], names.length + 1, '', 'cod_rifiuto'],
    [
      'the reasons the other way round',
      [...names, 'de_rifiuto', 'cod_rifiuto'],
      names.length + 1,
      '',
      'de_rifiuto',
    ],
    ['two columns changed over', [names[1]!, names[0]!, ...names.slice(2)], 1, names[0]!, names[1]!],
  ])('is wrong with %s, and names the first wrong column', (_, given, position, expected, found) => {
    expect(judgeHeader(format, given)).toEqual({ kind: 'wrong', position, expected, found })
  })
})
