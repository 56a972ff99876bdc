import { expect, it } from 'vitest'
import { isSigned, PAGE_LINK_HOURS, signedPath } from './signed-link.ts'
import type { KeyRing } from './signature.ts'

const PATH = '/pagamenti/1'
const NOW = '2026-03-31T10:00:00Z'
const KEY = ['a key'] as const
const made = signedPath(KEY, PATH, { now: NOW, hours: PAGE_LINK_HOURS })
const queryOf = (href: string) => Object.fromEntries(new URLSearchParams(href.split('?')[1]))
const query = queryOf(made)

it('a signed link is good for its path and its key only', () => {
  expect(isSigned(KEY, PATH, { query, now: NOW })).toBe(true)
  expect(isSigned(KEY, '/pagamenti/2', { query, now: NOW })).toBe(false)
  expect(isSigned(['another'], PATH, { query, now: NOW })).toBe(false)
})

it('expires at its time, and a changed time is not valid', () => {
  expect(isSigned(KEY, PATH, { query, now: '2026-03-31T11:59:59Z' })).toBe(true)
  const late = '2026-03-31T12:00:01Z'
  expect(isSigned(KEY, PATH, { query, now: late })).toBe(false)
  const longer = (Number.parseInt(query['scade']!, 36) + 3600).toString(36)
  expect(isSigned(KEY, PATH, { query: { ...query, scade: longer }, now: late })).toBe(false)
})

it.each([
  {},
  { firma: '', scade: '' },
  { ...query, firma: 'x' },
  { ...query, firma: ['a', 'b'] },
  { ...query, scade: 'zzzzzzzzzzzzz' },
  { ...query, firma: query['firma']!.slice(1) },
])('%j proves nothing', (given) => {
  expect(isSigned(KEY, PATH, { query: given, now: NOW })).toBe(false)
})

it('a link of the old key is valid while that key verifies, and invalid after its removal', () => {
  const opens = (keys: KeyRing): boolean => isSigned(keys, PATH, { query, now: NOW })
  expect(opens(['a new key', ...KEY])).toBe(true)
  expect(opens(['a new key'])).toBe(false)
})

it('the first key signs', () => {
  const query = queryOf(signedPath(['a new key', ...KEY], PATH, { now: NOW, hours: PAGE_LINK_HOURS }))
  expect(isSigned(['a new key'], PATH, { query, now: NOW })).toBe(true)
  expect(isSigned(KEY, PATH, { query, now: NOW })).toBe(false)
})
