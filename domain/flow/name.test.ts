import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flowNameOf, isIuf, iufFromName, readBaseName, readFlowName, shownFileName } from './name.ts'

describe('the name of a file that is no archive', () => {
  it('is read as that of an archive, with the endings of CSV and of workbooks', () => {
    const name = { base: 'C_Q999-A1-1_3', codIpa: 'C_Q999', iuf: 'A1', format: '1_3' }
    for (const file of ['C_Q999-A1-1_3.csv', 'C_Q999-A1-1_3.XLSX', 'C_Q999-A1-1_3 (1).csv'])
      expect(readBaseName(file, 'C_Q999')).toEqual({ kind: 'ok', name })
    expect(readFlowName('C_Q999-A1-1_3.csv', 'C_Q999')).toEqual({ kind: 'ending' })
    expect(readBaseName('ottobre.csv', 'C_Q999')).toEqual({ kind: 'parts' })
    expect(flowNameOf('C_Q999', 'A1', '1_3')).toEqual(name)
  })

  it.each([
    ['Mensa è ottobre.xlsx', 'Mensa_e_ottobre'],
    ['C_Q999-A1.csv', 'C_Q999_A1'],
    ['  (bozza) dovuti.csv', 'bozza_dovuti'],
    ['dovuti (2).xlsx', 'dovuti'],
    ['…', ''],
    [`${'a'.repeat(80)}.csv`, 'a'.repeat(50)],
  ])('proposes an IUF: %s', (file, iuf) => {
    expect(iufFromName(file)).toBe(iuf)
  })

  it('proposes an IUF that is one, or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (file) => {
        const iuf = iufFromName(file)
        expect(iuf === '' || isIuf(iuf)).toBe(true)
      }),
    )
  })
})

it('is shown as what was sent or made', () => {
  expect(shownFileName({ baseName: 'A', source: 'zip' })).toBe('A.zip')
  expect(shownFileName({ baseName: 'A', source: 'csv' })).toBe('A.csv')
  // Nobody sent a file of this name.
  expect(shownFileName({ baseName: 'A', source: 'sheet' })).toBe('A')
})
