import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  arrowsOf,
  circleIn,
  folderOf,
  IMPORTS_PAGE,
  importsOf,
  importsPage,
  productImports,
  readTable,
  refusedImports,
  ROOT,
  type Import,
} from './imports.ts'

const TABLE = readTable(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'))
const IMPORTS = productImports()

const runs = (from: string, to: string): Import => ({ from, to, isType: false })
const types = (from: string, to: string): Import => ({ from, to, isType: true })

describe('imports of the product', () => {
  it('are all allowed by the table in CONTRIBUTING.md', () => {
    expect(refusedImports(IMPORTS, TABLE)).toEqual([])
  })

  it('make no circle of files', () => {
    expect(circleIn(IMPORTS)).toBeUndefined()
  })

  it('make no circle of folders', () => {
    expect(circleIn(arrowsOf(IMPORTS, TABLE))).toBeUndefined()
  })

  it('lead to files that exist, so the statements were read as they are written', () => {
    expect(IMPORTS.length).toBeGreaterThan(1_000)
    expect(IMPORTS.filter(({ to }) => !existsSync(join(ROOT, to)))).toEqual([])
  })

  it('are those of docs/imports.md', () => {
    expect(readFileSync(IMPORTS_PAGE, 'utf8')).toBe(importsPage())
  })
})

describe('the table', () => {
  it('names folders that exist', () => {
    const { permissions, audiences } = TABLE
    const named = [...permissions].flatMap(([folder, { folders, typesOf }]) => [
      folder,
      ...folders,
      ...typesOf,
    ])
    const all = [...named, ...audiences.map((audience) => `api/${audience}`)]
    expect([...new Set(all)].filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([])
    expect(audiences).toContain('operator')
  })

  it('distinguishes domain/wire/ from domain/', () => {
    expect(folderOf('domain/wire/rpt.ts', TABLE)).toBe('domain/wire')
    expect(folderOf('domain/money.ts', TABLE)).toBe('domain')
  })
})

describe('an import against the table is found', () => {
  it.each([
    runs('domain/money.ts', 'db/ground/connection.ts'),
    runs('domain/money.ts', 'domain/wire/rpt.ts'),
    types('domain/money.ts', 'domain/wire/rpt.ts'),
    runs('workflows/pay-cart/workflow.ts', 'domain/wire/rpt.ts'),
    runs('activities/archive.ts', 'workflows/pay-cart/contract.ts'),
    types('activities/archive.ts', 'api/deps.ts'),
    runs('db/due/due.ts', 'services/file-store.ts'),
    runs('templates/money.ts', 'domain/wire/rpt.ts'),
    runs('simulator/main.ts', 'domain/money.ts'),
    runs('contracts/soap.ts', 'domain/money.ts'),
    runs('tools/states.ts', 'workers/config.ts'),
    runs('workers/api.ts', 'test/setup/servers.ts'),
    runs('workers/api.ts', 'unknown/file.ts'),
    runs('api/citizen/cart.ts', 'api/operator/home.ts'),
    runs('api/form/field.ts', 'api/citizen/cart.ts'),
    types('api/operator/home.ts', 'api/admin/enti.ts'),
  ])('$from -> $to', (planted) => {
    const note = planted.isType ? ' (types)' : ''
    expect(refusedImports([planted], TABLE)).toEqual([`${planted.from} -> ${planted.to}${note}`])
  })

  it.each([
    runs('domain/wire/rpt.ts', 'domain/money.ts'),
    types('activities/archive.ts', 'workflows/pay-cart/contract.ts'),
    runs('tools/states.ts', 'domain/states.ts'),
    runs('workers/api.ts', 'tools/embedded/wait.ts'),
    runs('api/app.ts', 'api/citizen/cart.ts'),
    runs('api/citizen/area/home.ts', 'api/citizen/cart.ts'),
    runs('api/citizen/cart.ts', 'api/form/field.ts'),
  ])('$from -> $to is fine', (planted) => {
    expect(refusedImports([planted], TABLE)).toEqual([])
  })
})

describe('a circle is found', () => {
  it('of files, even through a third one and of types alone', () => {
    const planted = [runs('db/a.ts', 'db/b.ts'), types('db/b.ts', 'db/c.ts'), runs('db/c.ts', 'db/a.ts')]
    expect(circleIn(planted)).toEqual(['db/a.ts', 'db/b.ts', 'db/c.ts', 'db/a.ts'])
    expect(circleIn(planted.slice(0, 2))).toBeUndefined()
  })

  it('of folders whose files make none', () => {
    const planted = [runs('api/a.ts', 'db/a.ts'), runs('db/b.ts', 'api/b.ts')]
    expect(circleIn(planted)).toBeUndefined()
    expect(circleIn(arrowsOf(planted, TABLE))).toEqual(['api', 'db', 'api'])
  })
})

describe('an import statement is read', () => {
  it.each([
    ["import './a.ts'", runs('db/x.ts', 'db/a.ts')],
    ["import { a } from '../api/a.ts'", runs('db/x.ts', 'api/a.ts')],
    ["import {\n  a,\n  type B,\n} from './a.ts'", runs('db/x.ts', 'db/a.ts')],
    ["import a, { b } from './a.ts'", runs('db/x.ts', 'db/a.ts')],
    ["import * as a from './a.ts'", runs('db/x.ts', 'db/a.ts')],
    ["import type { A } from './a.ts'", types('db/x.ts', 'db/a.ts')],
    ["export type { A } from './a.ts'", types('db/x.ts', 'db/a.ts')],
    ["export { a } from './a.ts'", runs('db/x.ts', 'db/a.ts')],
    ["export * from './a.ts'", runs('db/x.ts', 'db/a.ts')],
    ["  const a = await import('./a.ts')", runs('db/x.ts', 'db/a.ts')],
  ])('%s', (text, found) => {
    expect(importsOf('db/x.ts', `const before = 1\n${text}\n`)).toEqual([found])
  })

  it.each(["import knex from 'knex'", "export const a = 'from ./a.ts'", "// import './a.ts'"])(
    '%s is no import of a file of ours',
    (text) => {
      expect(importsOf('db/x.ts', text)).toEqual([])
    },
  )
})
