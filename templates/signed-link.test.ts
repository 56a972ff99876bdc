import { expect, it } from 'vitest'
import { isSigned, PAGE_LINK_HOURS, signedPath } from './signed-link.ts'

const PATH = '/pagamenti/1'
const NOW = '2026-03-31T10:00:00Z'
const made = signedPath('secret', PATH, { now: NOW, hours: PAGE_LINK_HOURS })
const query = Object.fromEntries(new URLSearchParams(made.split('?')[1]))

it('a signed link is good for its path and its secret only', () => {
  expect(isSigned('secret', PATH, { query, now: NOW })).toBe(true)
  expect(isSigned('secret', '/pagamenti/2', { query, now: NOW })).toBe(false)
  expect(isSigned('another', PATH, { query, now: NOW })).toBe(false)
})

it('ends when it says, and saying later proves nothing', () => {
  expect(isSigned('secret', PATH, { query, now: '2026-03-31T11:59:59Z' })).toBe(true)
  const late = '2026-03-31T12:00:01Z'
  expect(isSigned('secret', PATH, { query, now: late })).toBe(false)
  const longer = (Number.parseInt(query['scade']!, 36) + 3600).toString(36)
  expect(isSigned('secret', PATH, { query: { ...query, scade: longer }, now: late })).toBe(false)
})

it.each([
  {},
  { firma: '', scade: '' },
  { ...query, firma: 'x' },
  { ...query, firma: ['a', 'b'] },
  { ...query, scade: 'zzzzzzzzzzzzz' },
  { ...query, firma: query['firma']!.slice(1) },
])('%j proves nothing', (given) => {
  expect(isSigned('secret', PATH, { query: given, now: NOW })).toBe(false)
})
