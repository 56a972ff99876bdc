import { describe, expect, it } from 'vitest'
import { FileRefusal } from '../../treasury/movement.ts'
import { readCsv } from './csv.ts'
import { columnsOf, type CsvColumns } from './csv-columns.ts'
import { surveyCsv } from './csv-survey.ts'
import { bytesOf, readAll } from './testing/read.ts'

const P4PA =
  'ESERCIZIO;N.PROVV.;DATA ESEC.;ANAGRAFICA CLIENTE;DESCRIZIONE CAUSALE;IMPORTO PROVVISORIO;VALUTA ENTE'
const row = ({
  number = '7',
  bookedOn = '2025-07-15',
  text = 'TESTO',
  amount = '10.50',
  valueOn = '',
} = {}): string => `2025;${number};${bookedOn};BANCA;${text};${amount};${valueOn}`
const file = (...rows: string[]): string => [P4PA, ...rows].join('\n')
const survey = (document: string | Uint8Array, chosen: Partial<Parameters<typeof surveyCsv>[1]> = {}) =>
  surveyCsv(bytesOf(document), { columns: undefined, answers: {}, ...chosen })

async function read(document: string | Uint8Array, chosen: Partial<Parameters<typeof surveyCsv>[1]> = {}) {
  const { columns, forms, questions } = await survey(document, chosen)
  expect(questions).toEqual([])
  return readAll(readCsv(bytesOf(document), columns!, forms))
}

describe('the form of a column', () => {
  it.each([
    [['10.50', '1234.5', '7'], 'dot', [1050, 123450, 700]],
    [['10,50', '1.234,56', '1.234', '7'], 'comma', [1050, 123456, 123400, 700]],
    [['7', '1234'], 'dot', [700, 123400]],
  ])('amounts %j: %s', async (amounts, form, cents) => {
    const document = file(...amounts.map((amount, at) => row({ amount, number: `${at + 1}` })))
    expect((await survey(document)).forms.amount).toBe(form)
    expect((await read(document)).movements.map((movement) => movement.cents)).toEqual(cents)
  })

  it.each([
    ['one group, which is a thousand here and one elsewhere', ['1.234'], ['amount']],
    ['both forms', ['10.50', '10,50'], ['amount']],
  ])('is asked: %s', async (_, amounts, questions) => {
    const document = file(...amounts.map((amount) => row({ amount })))
    expect((await survey(document)).questions).toEqual(questions)
    expect((await survey(document, { answers: { amount: 'comma' } })).questions).toEqual([])
  })

  it('a thousand beside amounts with dots is a fault, and not a guess', async () => {
    const all = await read(file(row(), row({ amount: '1.234', number: '8' })))
    expect(all.faults.map(({ code, value }) => [code, value])).toEqual([['amount', '1.234']])
    expect(all.movements).toHaveLength(1)
  })

  it('days of the two columns have forms of their own', async () => {
    const all = await read(file(row({ bookedOn: '15/07/2025', valueOn: '2025-07-16' })))
    expect(all.movements).toMatchObject([{ bookedOn: '2025-07-15', valueOn: '2025-07-16' }])
  })

  it('days in both forms in one column are asked', async () => {
    const document = file(row(), row({ bookedOn: '15/07/2025' }))
    expect((await survey(document)).questions).toEqual(['bookedOn'])
    const all = await read(document, { answers: { bookedOn: 'italian' } })
    expect(all.faults.map(({ code, field, value }) => [code, field, value])).toEqual([
      ['day', 'DATA ESEC.', '2025-07-15'],
    ])
  })

  it('one line that is not UTF-8 makes the file ISO-8859-15', async () => {
    const document = Buffer.from(file(row(), row({ text: 'PERCH\u00c9 \u00a4', number: '8' })), 'latin1')
    expect((await survey(document)).forms.encoding).toBe('iso-8859-15')
    expect((await read(document)).movements.at(-1)?.text).toBe('PERCHÉ €')
  })
})

describe('the columns', () => {
  it('of a known header are found in any order and case', () => {
    const header = P4PA.toLowerCase().split(';').toReversed()
    expect(columnsOf(header)).toEqual({
      year: 6,
      number: 5,
      bookedOn: 4,
      sender: 3,
      text: 2,
      amount: 1,
      valueOn: 0,
    })
  })

  it('of another header are asked, with its names and some rows', async () => {
    const asked = await survey('A;B;C\n1;2;3\n')
    expect(asked).toMatchObject({
      header: ['A', 'B', 'C'],
      examples: [['1', '2', '3']],
      questions: ['columns'],
    })
  })

  it('that an ente has chosen are read', async () => {
    const columns: CsvColumns = { amount: 0, text: 1, bookedOn: 2, valueOn: 2, sender: 3, year: 4, number: 5 }
    const all = await read('I;C;D;O;A;N\n1,50;TESTO;15/07/2025;BANCA;2025;0012\n', { columns })
    expect(all.movements).toMatchObject([{ cents: 150, text: 'TESTO', number: '12', valueOn: '2025-07-15' }])
  })
})

describe('a row', () => {
  it('without a number is known by its content', async () => {
    const all = await read(file(row({ number: '' }), row({ number: '000' })))
    expect(all.movements.map(({ isKeyedByContent, number }) => [isKeyedByContent, number])).toEqual([
      [true, null],
      [true, null],
    ])
    expect(all.movements[0]!.key).toBe(all.movements[1]!.key)
  })

  it('the same number of two years is two bills', async () => {
    const all = await read(file(row(), row().replace('2025;', '2024;')))
    expect(new Set(all.movements.map(({ key }) => key)).size).toBe(2)
  })

  it.each([
    ['2025;7;2025-07-15', 'columns', ''],
    ['2025;7;"2025-07-15', 'bad_quotes', ''],
    [row({ amount: '' }), 'missing', 'IMPORTO PROVVISORIO'],
    [row({ amount: '-3.00' }), 'negative', 'IMPORTO PROVVISORIO'],
    [row({ number: 'P12' }), 'number', 'N.PROVV.'],
    [row().replace('2025;', '25;'), 'number', 'ESERCIZIO'],
    [row({ text: '\0' }), 'not_text', ''],
    [row({ text: 'x'.repeat(70_000) }), 'too_long', ''],
  ])('that cannot be read is listed: %#', async (bad, code, field) => {
    const all = await read(file(row(), bad, row({ number: '9' })))
    expect(all.faults.map((fault) => [fault.code, fault.field, fault.place.line])).toEqual([[code, field, 3]])
    expect(all.movements.map(({ number }) => number)).toEqual(['7', '9'])
  })
})

it('a file without a line is refused', async () => {
  await expect(survey('\n\n')).rejects.toThrow(FileRefusal)
})
