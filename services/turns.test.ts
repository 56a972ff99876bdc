import { expect, it } from 'vitest'
import { createTurns } from './turns.ts'

it('runs one work after the other, in the order in which they came, also after one that fails', async () => {
  const inTurn = createTurns(1)
  const done: string[] = []
  let running = 0
  const work = (name: string, isBad = false) =>
    inTurn(async () => {
      expect((running += 1)).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 1))
      done.push(name)
      running -= 1
      if (isBad) throw new Error('bad')
    }).catch(() => done.push(`${name} failed`))
  await Promise.all([work('a'), work('b', true), work('c'), work('d')])
  expect(done).toEqual(['a', 'b', 'b failed', 'c', 'd'])
})
