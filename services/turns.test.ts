import { expect, it } from 'vitest'
import { createTurns } from './turns.ts'

it('runs one work after the other, in the order in which they came, also after one that fails', async () => {
  const inTurn = createTurns(1)
  const done: string[] = []
  let running = 0
  async function work(name: string, isBad = false): Promise<void> {
    running += 1
    done.push(`${name} beside ${running - 1}`)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running -= 1
    if (isBad) throw new Error('bad')
  }
  const works = [
    inTurn(() => work('a')),
    inTurn(() => work('b', true)),
    inTurn(() => work('c')),
    inTurn(() => work('d')),
  ]
  const ends = await Promise.allSettled(works)
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(done).toEqual(['a beside 0', 'b beside 0', 'c beside 0', 'd beside 0'])
})
