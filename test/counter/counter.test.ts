import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drawProgressives } from '../../db/due/counter.ts'
import { testDatabase, type TestDatabase } from '../setup/database.ts'
import { waitUntil } from '../setup/wait.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

interface Writers {
  child: ChildProcess
  /** Numbers that the writers drew, in order of arrival. */
  drawn: number[]
  kill(): Promise<void>
}

function startWriters(count: number): Writers {
  const script = fileURLToPath(new URL('writers.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, database.url, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const drawn: number[] = []
  const lines = createInterface(child.stdout)
  lines.on('line', (line) => void drawn.push(Number(line)))
  const ended = new Promise<void>((resolve) => {
    lines.once('close', resolve)
  })
  return {
    child,
    drawn,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

it('50 writers in two processes, one of them killed and replaced: no number is given twice', async () => {
  const [first, second] = [startWriters(25), startWriters(25)]
  await waitUntil(() => Promise.resolve(first.drawn.length > 200 && second.drawn.length > 200))
  await first.kill()
  const third = startWriters(25)
  await waitUntil(() => Promise.resolve(third.drawn.length > 200))
  await Promise.all([second.kill(), third.kill()])

  const all = [first, second, third].flatMap(({ drawn }) => drawn)
  expect(new Set(all).size).toBe(all.length)
  const key = { domain: '99999901012', segregationCode: '11', generator: 'iuv17' } as const
  expect(await drawProgressives(database.db, key)).toBeGreaterThan(Math.max(...all))
})

it('a range is drawn as a whole, a rolled back draw is repeated, and counters are independent', async () => {
  const { db } = database
  const key = { domain: '99999902028', segregationCode: '11', generator: 'iuv25' } as const
  expect(await drawProgressives(db, key, 10)).toBe(1)
  const undone = db.transaction(async (trx) => {
    expect(await drawProgressives(trx, key)).toBe(11)
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(await drawProgressives(db, key)).toBe(11)
  expect(await drawProgressives(db, { ...key, segregationCode: '12' })).toBe(1)
  expect(await drawProgressives(db, { ...key, generator: 'iuv17' })).toBe(1)
})
