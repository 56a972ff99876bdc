import { expect, it } from 'vitest'
import { readPostal } from './postal.ts'
import { recogniseFile } from './recognise.ts'
import { bytesOf, readAll, refusalOf } from './testing/read.ts'

const IBAN = 'IT61H9999912345000000000001'
const HEADER = 'data contabile;data valuta;codice causale;causale;divisa;addebito;accredito;;descrizione'
const ROW = '15/07/2025;16/07/2025;48;BONIFICO;EUR;;1.413,45;;/PUR/LGPE-RIVERSAMENTO/URI/X'
const FOOTER = 'Saldo;;;;;;91.398,45'
const file = (...rows: string[]): Buffer =>
  Buffer.from([`Conto;${IBAN}`, HEADER, ...rows].join('\r\n') + '\r\n', 'latin1')
const read = (...rows: string[]) => readAll(readPostal(bytesOf(file(...rows))))

it('credits count; what was paid, and the last line, do not', async () => {
  const all = await read(ROW, '15/07/2025;15/07/2025;1;SPESE;EUR;2,00;;;COMMISSIONI', FOOTER)
  expect(all.movements).toMatchObject([
    {
      account: IBAN,
      bookedOn: '2025-07-15',
      valueOn: '2025-07-16',
      cents: 141345,
      text: '/PUR/LGPE-RIVERSAMENTO/URI/X',
      isKeyedByContent: true,
    },
  ])
  expect([all.faults, all.passed]).toEqual([[], 1])
})

it('a movement in the place of the last line is not lost', async () => {
  expect((await read(ROW, ROW)).movements).toHaveLength(2)
})

it('euro and accents are those of ISO-8859-15', async () => {
  const row = ROW.replace('BONIFICO', '').replace('/PUR/LGPE-RIVERSAMENTO/URI/X', 'PERCH\u00c9 \u00a4')
  expect((await read(row, FOOTER)).movements[0]?.text).toBe('PERCHÉ €')
})

it.each([
  [ROW.replace('1.413,45', '1413.45'), 'amount', 'accredito'],
  [ROW.replace('15/07', '31/02'), 'day', 'data contabile'],
  [ROW.replace('EUR', 'CHF'), 'currency', 'divisa'],
  ['15/07/2025;16/07/2025', 'columns', ''],
  [ROW.replace('1.413,45', ''), 'missing', 'accredito'],
])('a row that cannot be read is listed: %s', async (bad, code, field) => {
  const all = await read(bad, ROW, FOOTER)
  expect(all.faults.map((fault) => [fault.code, fault.field, fault.place.line])).toEqual([[code, field, 3]])
  expect(all.movements).toHaveLength(1)
})

it('without an IBAN in its first line it is none', async () => {
  expect(await refusalOf(readPostal(bytesOf('Conto;123\n')))).toEqual({ kind: 'no_account' })
  expect(await refusalOf(readPostal(bytesOf('')))).toEqual({ kind: 'empty' })
})

it('is known by how it begins', () => {
  expect(recogniseFile(file(ROW))).toBe('postal')
  expect(recogniseFile(Buffer.from(HEADER))).toBe('csv')
  expect(recogniseFile(Buffer.from('<html/>'))).toBeUndefined()
  expect(recogniseFile(Buffer.from('\ufeff<?xml version="1.0"?><a:Document>', 'utf16le'))).toBe('camt')
  expect(recogniseFile(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]))).toBeUndefined()
})
