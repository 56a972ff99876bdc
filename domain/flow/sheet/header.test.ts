import { describe, expect, it } from 'vitest'
import { FLOW_COLUMNS } from '../columns.ts'
import { readFaults, faultsField } from './faults-field.ts'
import { planSheet } from './header.ts'
import { columnLetters } from './problem.ts'
import { convertRow, isBlankRow } from './row.ts'
import { BLANK, type SheetCell } from './cell.ts'

const names = (format: '1_3' | '1_4'): string[] => FLOW_COLUMNS[format].map(({ header }) => header)

describe('the header of a sheet', () => {
  it('may have its columns in any order and any case', () => {
    const planned = planSheet(
      names('1_3')
        .reverse()
        .map((name) => ` ${name.toUpperCase()} `),
      undefined,
    )
    expect(planned).toMatchObject({ kind: 'ok', plan: { format: '1_3' } })
    expect(planned.kind === 'ok' && planned.plan.columns[0]).toMatchObject({
      column: { header: 'IUD' },
      at: 21,
    })
  })

  it('may leave out what no row must have', () => {
    const needed = FLOW_COLUMNS['1_3'].filter(({ isMandatory }) => isMandatory).map(({ header }) => header)
    expect(planSheet(needed, undefined)).toMatchObject({ kind: 'ok', plan: { format: '1_3' } })
    expect(planSheet(needed.slice(1), undefined)).toEqual({ kind: 'column_missing', name: needed[0] })
  })

  it('is of the version with a second beneficiary where it has a column of it', () => {
    expect(planSheet(names('1_4'), undefined)).toMatchObject({ plan: { format: '1_4' } })
    expect(planSheet([...names('1_3'), 'flagMultiBeneficiario'], undefined)).toMatchObject({
      plan: { format: '1_4' },
    })
    expect(planSheet(names('1_4'), '1_3')).toEqual({
      kind: 'column_of_other_version',
      name: 'flagMultiBeneficiario',
      format: '1_3',
    })
  })

  it('ignores the reasons of a file of rejected rows, and refuses any other name', () => {
    expect(planSheet([...names('1_3'), 'cod_rifiuto', 'de_rifiuto'], undefined)).toMatchObject({ kind: 'ok' })
    expect(planSheet([...names('1_3'), 'Note'], undefined)).toEqual({ kind: 'unknown_column', name: 'Note' })
    expect(planSheet([...names('1_3'), 'IUD'], undefined)).toEqual({ kind: 'column_twice', name: 'IUD' })
    expect(planSheet(['', ' '], undefined)).toEqual({ kind: 'no_header' })
  })
})

describe('a row of a sheet', () => {
  const plan = (() => {
    const planned = planSheet(names('1_3'), undefined)
    if (planned.kind !== 'ok') throw new Error('not planned')
    return planned.plan
  })()
  const cells: SheetCell[] = names('1_3').map((name) => ({
    kind: 'typed',
    text: name === 'importoDovuto' ? '1.234' : 'x',
  }))

  it('that has a cell that was not converted says which, and keeps what it shows', () => {
    const row = convertRow(plan, cells)
    expect(row.fields[13]).toBe('1.234')
    const field = faultsField(row.faults)
    expect(readFaults('1_3', [...row.fields, field])).toEqual(row.faults)
    expect(row.faults).toContainEqual({ header: 'importoDovuto', fault: 'amountGroups', value: '1.234' })
  })

  it('without such a cell, or from another program, has no faults to read', () => {
    const { fields } = convertRow(plan, cells)
    expect(readFaults('1_3', fields)).toBeUndefined()
    expect(readFaults('1_3', [...fields, 'note'])).toBeUndefined()
    expect(readFaults('1_3', [...fields, 'importoDovuto=nothing'])).toBeUndefined()
  })

  it('is blank when it shows nothing', () => {
    expect(isBlankRow([BLANK, { kind: 'typed', text: ' \u00a0' }])).toBe(true)
    expect(isBlankRow([BLANK, { kind: 'error', text: '#N/A' }])).toBe(false)
    expect(isBlankRow([{ kind: 'empty_formula' }])).toBe(false)
  })
})

it.each([
  [0, 'A'],
  [25, 'Z'],
  [26, 'AA'],
  [701, 'ZZ'],
  [702, 'AAA'],
])('column %i has the letters %s', (at, letters) => {
  expect(columnLetters(at)).toBe(letters)
})
