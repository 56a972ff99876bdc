import { expect, it } from 'vitest'
import { table, targetLine } from './report.ts'

it.each([
  [{ name: 'throughput', value: 0.61, limit: 0.5, is: 'least' }, 'target throughput 0.61 0.5 ok'],
  [{ name: 'throughput', value: 0.49, limit: 0.5, is: 'least' }, 'target throughput 0.49 0.5 short'],
  [{ name: 'start', value: 15.01, limit: 15, is: 'most' }, 'target start 15.01 15 short'],
  [{ name: 'start', value: Number.NaN, limit: 15, is: 'most' }, 'target start NaN 15 short'],
] as const)('says %j as one line', (target, line) => {
  expect(targetLine(target)).toBe(line)
})

it('aligns figures to the right', () => {
  expect(
    table(
      ['', 'ms'],
      [
        ['a', '1'],
        ['long', '100'],
      ],
    ).split('\n'),
  ).toEqual(['       ms', 'a       1', 'long  100'])
})
