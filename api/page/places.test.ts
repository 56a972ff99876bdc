import { expect, it } from 'vitest'
import { Places } from './places.ts'

const some = () => new Places({ all: 4, each: { session: 2, address: 3 } })

it('each member of a group has its own limit, independent of the places that others hold', () => {
  const places = some()
  const holder = { session: 's', address: 'a' }
  expect([1, 2, 3].map(() => places.take(holder) !== undefined)).toEqual([true, true, false])
  expect(places.take({ session: 't', address: 'a' })).toBeDefined()
  expect(places.take({ session: 'u', address: 'a' })).toBeUndefined()
  expect(places.take({ session: 'u', address: 'b' })).toBeDefined()
  expect(places.take({ session: 'v', address: 'c' })).toBeUndefined()
})

it('a place that is given back is free again, in every group', () => {
  const places = some()
  const holder = { session: 's', address: 'a' }
  for (let round = 0; round < 10; round++) {
    const held = [places.take(holder), places.take(holder)]
    expect(places.take(holder)).toBeUndefined()
    for (const giveBack of held) giveBack!()
  }
  expect(places.take(holder)).toBeDefined()
})

it('a holder without a session counts for its other groups', () => {
  const places = some()
  const holder = { session: undefined, address: 'a' }
  expect([1, 2, 3, 4].map(() => places.take(holder) !== undefined)).toEqual([true, true, true, false])
})
