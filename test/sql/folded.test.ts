import type { Knex } from 'knex'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase, type TestDatabase } from '../setup/database.ts'

let database: TestDatabase
let db: Knex

beforeAll(async () => {
  database = await testDatabase()
  db = database.db
})
afterAll(() => database.drop())

const areSame = async (one: string, other: string): Promise<boolean | null> => {
  const { rows } = await db.raw<{ rows: { same: boolean | null }[] }>(
    'select name_words(?) = name_words(?) as same',
    [one, other],
  )
  return rows[0]!.same
}

it.each([
  ["O'Neil", 'O’NEIL'],
  ['O’Neil', 'o`neil'],
  ['Forlì', 'Forli'],
  ['Forlì', "Forli'"],
  ['Müller', 'MULLER'],
  ['Mu\u0308ller', 'Müller'],
  ['Rossi Mario', 'Mario  ROSSI'],
  ['Rossi-Bianchi Anna', 'Anna Rossi Bianchi'],
  ['D\u2019Angelo\u00a0Luigi', "Luigi D'Angelo"],
  ['Łukasz Øster', 'lukasz oster'],
  ['Groß', 'GROSS'],
  ['ＭＡＲＩＯ', 'mario'],
  ['Ma\u200brio', 'Mario'],
  ['Иван Петров', 'ПЕТРОВ ИВАН'],
])('%s and %s are one name', async (one, other) => {
  expect(await areSame(one, other)).toBe(true)
})

it.each([
  ['Mario Rossi', 'Mario Rosso'],
  ['Mario Rossi', 'Mario'],
  ['Mario Mario', 'Mario'],
  ['Иван', 'Пётр'],
  ['Müller', 'Mueller'],
])('%s and %s are two', async (one, other) => {
  expect(await areSame(one, other)).toBe(false)
})

it.each(['', ' ', '-', "'"])('%j has no words, so it is like no name, not even itself', async (text) => {
  expect(await areSame(text, text)).toBe(null)
})
