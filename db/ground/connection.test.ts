import { expect, it } from 'vitest'
import { createDb, type DbLog } from './connection.ts'

it('remarks of knex go to the log that was given, not to the console', async () => {
  const said: string[] = []
  const say = (text: string): void => void said.push(text)
  const log: DbLog = { debug: say, warn: say, error: say }
  const db = createDb({ url: 'postgres://nobody:x@127.0.0.1:1/none', pool: 1, name: 'remarks', log })
  await expect(db.raw('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await db.destroy()
  expect(said.join()).toContain('onnection')
  expect(said.join()).not.toContain('nobody:x')
})
