import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allMoves, DUE_MOVES } from '../../domain/states.ts'
import { aDue, anEnte, type TestEnte } from '../../test/setup/builders.ts'
import { testDatabase, type TestDatabase } from '../../test/setup/database.ts'
import { rowsOf } from './rows.ts'

let database: TestDatabase
let ente: TestEnte
beforeAll(async () => {
  database = await testDatabase()
  ente = await anEnte(database.db)
})
afterAll(() => database.drop())

test('the database allows exactly the moves of the domain', async () => {
  const rows = await rowsOf<{ entity: string; from_state: string; to_state: string }>(
    database.db('state_move').select('entity', 'from_state', 'to_state'),
  )
  const stored = rows.map((row) => `${row.entity}: ${row.from_state} -> ${row.to_state}`)
  const allowed = allMoves().map(({ entity, from, to }) => `${entity}: ${from} -> ${to}`)
  expect(stored.sort()).toEqual(allowed.sort())
})

test('every table with allowed moves has its guard', async () => {
  const { rows } = await database.db.raw<{ rows: { table: string }[] }>(
    `select tgrelid::regclass::text as table from pg_trigger where tgname = 'guard_move' order by 1`,
  )
  const entities = [...new Set(allMoves().map(({ entity }) => entity))].sort()
  expect(rows.map((row) => row.table)).toEqual(entities)
})

const DUE_STATES = Object.keys(DUE_MOVES) as (keyof typeof DUE_MOVES)[]
const pairs = DUE_STATES.flatMap((from) => DUE_STATES.map((to) => [from, to] as const))

test.each(pairs)('a due %s -> %s is moved or refused as the table says', async (from, to) => {
  const { db } = database
  const id = await aDue(db, ente)
  await putInState(id, from)
  const moving = db('due')
    .where({ id })
    .update({ state: to, cancelled_reason: to === 'cancelled' ? 'test' : null })
  const targets: readonly string[] = DUE_MOVES[from]
  const isAllowed = from === to || targets.includes(to)
  if (isAllowed) await moving
  else await expect(moving).rejects.toMatchObject({ code: 'STATE_MOVE_REFUSED' })
  expect(await db('due').where({ id }).pluck('state')).toEqual([isAllowed ? to : from])
})

test('each move leaves one event with the next number, and a refused one leaves none', async () => {
  const { db } = database
  const id = await aDue(db, ente)
  await db('due').where({ id }).update({ state: 'paying' })
  await db('due').where({ id }).update({ state: 'paying' })
  await expect(
    db('due').where({ id }).update({ state: 'cancelled', cancelled_reason: 'test' }),
  ).rejects.toMatchObject({ code: 'STATE_MOVE_REFUSED' })
  await db('due').where({ id }).update({ state: 'paid' })
  const events = await db('event')
    .select('seq', 'from_state', 'to_state')
    .where({ entity_id: id })
    .orderBy('seq')
  expect(events).toEqual([
    { seq: 0, from_state: null, to_state: 'payable' },
    { seq: 1, from_state: 'payable', to_state: 'paying' },
    { seq: 2, from_state: 'paying', to_state: 'paid' },
  ])
})

test('a state that the domain does not list is refused', async () => {
  const { db } = database
  const id = await aDue(db, ente)
  await expect(
    db('due')
      .where({ id })
      .update({ state: `s_${randomUUID()}` }),
  ).rejects.toMatchObject({ code: 'STATE_MOVE_REFUSED' })
})

/** One update is enough, because every state of a due is one move away from `payable`. */
async function putInState(id: string, state: string): Promise<void> {
  const reason = state === 'cancelled' ? 'test' : null
  await database.db('due').where({ id }).update({ state, cancelled_reason: reason })
}
