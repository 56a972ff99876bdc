import { createReadStream, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeBills, movementKey, type BillMovement } from '../../treasury/bill.ts'
import { groupsBy } from '../../table.ts'
import { plainText } from '../../treasury/ids.ts'
import type { Item, Movement } from '../../treasury/movement.ts'
import { sameMoney } from '../../treasury/same-money.ts'
import { readCamt } from './camt.ts'
import { readCsv } from './csv.ts'
import { surveyCsv } from './csv-survey.ts'
import { readOpi } from './opi.ts'
import { recogniseFile } from './recognise.ts'
import { readAll } from './testing/read.ts'

const at = (name: string): string => resolve(import.meta.dirname, '../../../test/fixtures/tesoreria', name)
const GDC = 'GDC-2025071699999000000000001.xml'
const CAMT = 'camt.053.001.08.xml'
const CSV = 'giornale_cassa_1_0.csv'

const short = ({
  act,
  number,
  bolletta,
  stornoOf,
  cents,
  bookedOn,
  valueOn,
  trn,
  endToEndId,
  text,
}: Movement) => ({
  act,
  number,
  bolletta,
  stornoOf,
  cents,
  bookedOn,
  valueOn,
  trn,
  endToEndId,
  text,
})

it.each([
  [GDC, 'opi'],
  [CAMT, 'camt'],
  [CSV, 'csv'],
])('%s is known by how it begins', (name, source) => {
  expect(recogniseFile(readFileSync(at(name)))).toBe(source)
})

describe('the giornale di cassa', () => {
  it('has three credits, a storno and a reversale that settles a sospeso', async () => {
    const { movements, faults, pages, passed } = await readAll(
      readOpi(createReadStream(at(GDC)), { codiceFiscale: '99999900014' }),
    )
    expect(movements.map(short)).toEqual([
      {
        act: 'credit',
        number: '1207',
        bolletta: '2311',
        stornoOf: null,
        cents: 141345,
        bookedOn: '2025-07-15',
        valueOn: '2025-07-15',
        trn: 'TRN2507140000000000000012',
        endToEndId: 'E2E-20250714-0012',
        text: '/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/2025-07-14ABI99999-0000000000012',
      },
      {
        act: 'credit',
        number: '1208',
        bolletta: '2312',
        stornoOf: null,
        cents: 7730,
        bookedOn: '2025-07-15',
        valueOn: '2025-07-15',
        trn: null,
        endToEndId: 'E2E-20250714-0007',
        text: 'ACCREDITI VARI /PUR/LGPE- RIVERSAMENTO/URI/2025-07- 14ABI99998-0000000000007 ORD. ALTRA BANCA IMMAGINARIA',
      },
      {
        act: 'credit',
        number: '1209',
        bolletta: '2313',
        stornoOf: null,
        cents: 50000,
        bookedOn: '2025-07-15',
        valueOn: '2025-07-15',
        trn: null,
        endToEndId: null,
        text: 'VERSAMENTO DEPOSITO CAUZIONALE GARA 12',
      },
      {
        act: 'storno',
        number: '1209',
        bolletta: '2314',
        stornoOf: '2313',
        cents: 50000,
        bookedOn: '2025-07-15',
        valueOn: '2025-07-15',
        trn: null,
        endToEndId: null,
        text: 'STORNO VERSAMENTO DEPOSITO CAUZIONALE GARA 12',
      },
      {
        act: 'settled',
        number: null,
        bolletta: '2315',
        stornoOf: null,
        cents: 32000,
        bookedOn: '2025-07-15',
        valueOn: '2025-07-15',
        trn: null,
        endToEndId: null,
        text: 'REGOLARIZZAZIONE PROVVISORIO 1190',
      },
    ])
    expect(movements.at(-1)).toMatchObject({ reversale: '402', sospesi: [{ number: '1190', cents: 32000 }] })
    expect(movements.map(({ place }) => place.line)).toEqual([22, 49, 76, 101, 126])
    expect(new Set(movements.map(({ madeAt }) => madeAt))).toEqual(new Set(['2025-07-16T02:31:45']))
    expect(faults).toEqual([
      { place: { line: 1, page: null, number: 0 }, code: 'unsigned', field: 'Signature', value: '' },
    ])
    expect([pages, passed]).toEqual([[{ page: 1, pages: 1 }], 0])
  })
})

describe('the statement of an account', () => {
  it('has one credit, whose id goes on in the next element, and passes over what was paid', async () => {
    const { movements, faults, passed } = await readAll(readCamt(createReadStream(at(CAMT))))
    expect(movements.map(short)).toEqual([
      {
        act: 'credit',
        number: null,
        bolletta: null,
        stornoOf: null,
        cents: 141345,
        bookedOn: '2025-07-15',
        valueOn: '2025-07-15',
        trn: 'TRN2507140000000000000012',
        endToEndId: 'E2E-20250714-0012',
        text: '/PUR/LGPE-RIVERSAMENTO/TXT/0/URI/2025-07-14ABI99999-0000000000012',
      },
    ])
    expect(movements[0]).toMatchObject({
      account: 'IT61H9999912345000000000001',
      sender: 'BANCA IMMAGINARIA S.P.A. SERVIZIO PAGOPA',
      madeAt: '2025-07-16T05:00:00',
    })
    expect([faults, passed]).toEqual([[], 1])
  })
})

describe('the CSV', () => {
  it('has four bills, and a day that does not exist', async () => {
    const survey = await surveyCsv(createReadStream(at(CSV)), { columns: undefined, answers: {} })
    expect([survey.questions, survey.forms]).toEqual([
      [],
      { encoding: 'utf-8', amount: 'dot', bookedOn: 'iso', valueOn: 'iso' },
    ])
    const { movements, faults } = await readAll(
      readCsv(createReadStream(at(CSV)), survey.columns!, survey.forms),
    )
    expect(
      movements.map(({ year, number, bookedOn, valueOn, cents, sender }) => [
        year,
        number,
        bookedOn,
        valueOn,
        cents,
        sender,
      ]),
    ).toEqual([
      [2025, '2311', '2025-07-15', '2025-07-15', 100000, 'BANCA IMMAGINARIA S.P.A.'],
      [2025, '2316', '2025-07-16', '2025-07-16', 41345, 'BANCA IMMAGINARIA S.P.A.'],
      [2025, '2317', '2025-07-16', '2025-07-17', 3600, 'POSTE IMMAGINARIE; SEDE'],
      [2025, '2318', '2025-07-16', '2025-07-16', 15000, 'COMUNE VICINO'],
    ])
    expect(faults).toEqual([
      { place: { line: 6, page: null, number: 5 }, code: 'day', field: 'dataContabile', value: '2025-02-30' },
    ])
  })
})

/** What is on the account after these files came in this order. */
async function onAccount(files: readonly AsyncIterable<Item>[]): Promise<number> {
  const known = new Map<string, { movement: Movement; bill: BillMovement }>()
  for (const file of files)
    for (const movement of (await readAll(file)).movements) {
      const key = movementKey(movement)
      const madeAt = movement.madeAt ?? '2025-07-17T00:00:00'
      if (!known.has(key))
        known.set(key, { movement, bill: { ...movement, madeAt, place: movement.place.number } })
    }
  const movements = [...known.values()].map(({ movement, bill }) => ({
    ...bill,
    source: movement.source,
    text: movement.text,
  }))
  const { bills } = judgeBills(movements)
  const left = bills.filter(({ cents }) => cents > 0)
  const groups = groupsBy(left, ({ current }) => `${current.bookedOn} ${current.cents}`)
  const twins = [...groups.values()].flatMap((group) => [
    ...sameMoney(
      group.map(({ key, current }) => ({ ...current, id: key, plain: plainText(current.text) })),
    ).keys(),
  ])
  return left.filter(({ key }) => !twins.includes(key)).reduce((sum, { cents }) => sum + cents, 0)
}

it('the same files again, and in another form, in any order, never count money twice', async () => {
  const open = {
    gdc: () => readOpi(createReadStream(at(GDC)), { codiceFiscale: '99999900014' }),
    camt: () => readCamt(createReadStream(at(CAMT))),
  }
  const anyFiles = fc.array(fc.constantFrom('gdc' as const, 'camt' as const), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(anyFiles, async (names) => {
      // 1413.45 in both, 77.30 in the journal alone; 500.00 was taken back.
      const expected = names.includes('gdc') ? 149_075 : 141_345
      expect(await onAccount(names.map((name) => open[name]()))).toBe(expected)
    }),
    { numRuns: 20 },
  )
})
