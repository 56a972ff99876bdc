import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FLOW_COLUMNS, FLOW_FORMATS } from '../domain/flow/columns.ts'
import { STATE_REJECTS, VALUE_RULES } from '../domain/wire/flow-reject.ts'
import { FORMATS_PAGE, formatsPage } from './file-formats.ts'

test('docs/file-formats.md is up to date with the tables of columns and codes', () => {
  expect(readFileSync(FORMATS_PAGE, 'utf8')).toBe(formatsPage())
})

test('the page has every code and text that a row can get, with what to do', () => {
  const page = formatsPage()
  const rules = [...Object.values(VALUE_RULES), ...Object.values(STATE_REJECTS)]
  for (const { code, text } of rules) {
    const row = page
      .split('\n')
      .find((line) => line.includes(`\`${code.replace('|', '')}\``) && line.includes(text.replace('|', '')))
    expect([
      code,
      row
        ?.split(/(?<!\\)\|/)
        .at(-2)
        ?.trim(),
    ]).toEqual([code, expect.stringMatching(/\.$/)])
  }
  for (const text of [
    'NON PRESENTE',
    'TROPPO GRANDE',
    'NON CONFORME',
    'NON CONFROME',
    'Too many columns',
    'PAA_IMPORT_ERROR',
  ])
    expect(page).toContain(text)
  for (const { label } of FLOW_COLUMNS['1_4']) expect(page).toContain(`\`${label}\``)
})

test.each(FLOW_FORMATS)('the columns of version %s equal those of the sample files', (format) => {
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
