import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Folders whose files use what db/ offers and hold no SQL themselves. */
const FOLDERS = ['api', 'activities', 'services', 'workflows', 'templates', 'workers', 'domain']

/** A query by knex (`db('cart')`, `trx.raw(...)`), or a statement written out. */
const SQL: readonly RegExp[] = [
  /\b(?:db|trx|knex)\s*(?:<[^<>]*>)?\(\s*[`'"\w]/,
  /\b(?:db|trx|knex)\s*\.\s*(?:raw|with|insert|select|from|table)\b/,
  /`\s*(?:select\b[^`]*\bfrom|insert into|update \w+ set|delete from)\b/i,
]

const linesWithSql = (text: string): string[] =>
  text.split('\n').filter((line) => SQL.some((pattern) => pattern.test(line)))

describe('a line with SQL is found', () => {
  it.each([
    "const row = await trx('cart').first('id')",
    'await db.raw(`select 1`)',
    "  await deps.db('cart').where({ id })",
    'const rows = await trx<Row>(table)',
    '  `select d.id from due d where d.id = ?`,',
    '  `insert into due (id) values (?)`,',
  ])('%s', (line) => {
    expect(linesWithSql(line)).toEqual([line])
  })

  it.each([
    'await db.transaction(async (trx) => {',
    'beginCart(db, station, ask)',
    'settle(trx)',
    'checked.line.raw()',
  ])('and %s is none', (line) => {
    expect(linesWithSql(line)).toEqual([])
  })
})

it.each(FOLDERS)('%s/ has no SQL: it asks db/', (folder) => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.includes('testing/'))
    .map((file) => `${folder}/${file}`)
  expect(files.length).toBeGreaterThan(10)
  const found = files.flatMap((file) =>
    linesWithSql(readFileSync(file, 'utf8')).map((line) => `${file}: ${line.trim()}`),
  )
  expect(found).toEqual([])
})
