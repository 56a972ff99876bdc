import { expect, it } from 'vitest'
import { correctionIufs } from './correction.ts'
import { readFlowName } from './name.ts'

it.each([
  ['MENSA', 'MENSA_C1', 'MENSA_C2'],
  ['MENSA_C1', 'MENSA_C2', 'MENSA_C3'],
  ['MENSA_C99', 'MENSA_C100', 'MENSA_C101'],
  ['_C7', '_C8', '_C9'],
  ['M_CX', 'M_CX_C1', 'M_CX_C2'],
])('the correction of %s is proposed as %s, then as %s', (iuf, first, second) => {
  expect(correctionIufs(iuf).slice(0, 2)).toEqual([first, second])
})

it('a proposal never has more than 50 characters, and is an IUF', () => {
  const long = 'A'.repeat(50)
  const proposed = correctionIufs(long)
  expect(proposed[0]).toBe(`${'A'.repeat(47)}_C1`)
  for (const iuf of [...proposed, ...correctionIufs(proposed[9]!)])
    expect(readFlowName(`C_Q999-${iuf}-1_3.zip`, 'C_Q999').kind).toBe('ok')
})
