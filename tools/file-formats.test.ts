import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FLOW_COLUMNS, FLOW_FORMATS } from '../domain/flow/columns.ts'
import { FORMATS_PAGE, formatsPage } from './file-formats.ts'

test('docs/file-formats.md is what the tables of columns and codes draw today', () => {
  expect(readFileSync(FORMATS_PAGE, 'utf8')).toBe(formatsPage())
})

test.each(FLOW_FORMATS)('the columns of %s are those of the sample files', (format) => {
  const name = {
    '1_0': 'LUCE202501',
    '1_1': 'CUP202501',
    '1_2': 'SCUOLA202501',
    '1_3': 'TRIBUTI202501',
    '1_4': 'MULTI202501',
  }
  const sample = new URL(
    `../test/fixtures/flows/import/C_Q999-${name[format]}-${format}.csv`,
    import.meta.url,
  )
  const [header] = readFileSync(sample, 'utf8').split('\n')
  expect(FLOW_COLUMNS[format].map((column) => column.header).join(';')).toBe(header)
})
