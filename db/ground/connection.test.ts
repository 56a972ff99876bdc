import { expect, it } from 'vitest'
import { createDb, type DbLog } from './connection.ts'

it('messages of knex go to the given log, not to the console', async () => {
  const logged: string[] = []
  const write = (text: string): void => void logged.push(text)
  const log: DbLog = { debug: write, warn: write, error: write }
  const db = createDb({ url: 'postgres://nobody:x@127.0.0.1:1/none', pool: 1, name: 'remarks', log })
  await expect(db.raw('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await db.destroy()
  expect(logged.join()).toContain('onnection')
  expect(logged.join()).not.toContain('nobody:x')
})
