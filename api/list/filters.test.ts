import { describe, expect, it } from 'vitest'
import { t } from '../../templates/language.ts'
import { amount, day, oneOf, readFilters, word } from './filters.ts'

const FILTERS = {
  name: word(5),
  from: day,
  to: day,
  state: oneOf(['open', 'closed'] as const),
  least: amount,
  most: amount,
}
const SPANS = [
  ['from', 'to'],
  ['least', 'most'],
] as const

const read = (query: Record<string, unknown>) => readFilters(FILTERS, query, { t, spans: SPANS })

it('blank fields do not filter', () => {
  for (const query of [{}, { name: '', from: '' }, { name: '  ', state: ' ' }]) {
    const { values, problems } = read(query)
    expect(problems).toEqual({})
    expect(Object.values(values).filter((value) => value !== undefined)).toEqual([])
  }
})

it('fields that are filled in have their values', () => {
  const { values, problems } = read({
    name: ' Ada ',
    from: '2026-03-30',
    to: '2026-03-31',
    state: 'open',
    least: '24,50',
    most: '24,50',
  })
  expect(problems).toEqual({})
  expect(values).toEqual({
    name: 'Ada',
    from: '2026-03-30',
    to: '2026-03-31',
    state: 'open',
    least: 2450,
    most: 2450,
  })
})

describe('a text that cannot be read is a problem of its field and is shown again as it was typed', () => {
  it.each([
    ['name', 'Adelin', 'long'],
    ['name', 'A\0', 'unseen'],
    ['from', '2026-02-30', 'day'],
    ['from', '31/03/2026', 'day'],
    ['to', '0001-01-01', 'day'],
    ['state', 'OPEN', 'choice'],
    ['least', 'abc', 'amount'],
    ['most', '-1', 'amount'],
  ])('%s: %j', (field, text, problem) => {
    const { values, problems, typed } = read({ [field]: text })
    expect(problems).toEqual({ [field]: t(`list.problem.${problem}`) })
    expect(values).not.toHaveProperty(field)
    expect(typed[field]).toBe(text)
  })

  it('two values for one field', () => {
    for (const twice of [['a', 'b'], { a: 'b' }])
      expect(read({ name: twice }).problems).toEqual({ name: t('list.problem.twice') })
  })

  it('a span whose end comes before its beginning', () => {
    expect(read({ from: '2026-04-01', to: '2026-03-31' }).problems).toEqual({ to: t('list.problem.order') })
    expect(read({ least: '10', most: '9,99' }).problems).toEqual({ most: t('list.problem.order') })
  })
})
