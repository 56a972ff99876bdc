import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ALLOWED: [string, string][] = [
  ['domain/a.ts', "import 'zod'"],
  ['domain/wire/a.ts', "import 'xmlbuilder2'"],
  ['domain/wire/a.ts', "import '../money.ts'"],
  ['workflows/pay/workflow.ts', "import '../../domain/money.ts'"],
  ['activities/pay.ts', "import '../workflows/pay/contract.ts'"],
  ['activities/pay.ts', "import '../contracts/xml.ts'"],
  ['api/citizen/cart.ts', "import '../../db/cart.ts'"],
  ['api/citizen/cart.ts', "import type { A } from '../../workflows/pay/contract.ts'\nexport type B = A"],
  ['api/citizen/cart.ts', "import '../form/field-view.ts'"],
  ['api/citizen/area/home.ts', "import '../cart.ts'"],
  ['api/app.ts', "import './citizen/cart.ts'"],
  ['db/a.ts', "import 'knex'"],
  ['services/payment/a.ts', "import '../../db/receipt.ts'"],
  ['services/payment/a.ts', "import '../../contracts/xml.ts'"],
  ['api/citizen/cart.ts', "import '../../services/payment/a.ts'"],
  ['activities/pay.ts', "import '../services/payment/a.ts'"],
  ['simulator/a.ts', "import '../contracts/xml.ts'"],
  ['workers/a.ts', "import '../activities/index.ts'"],
  ['db/a.test.ts', "import '../workers/config.ts'"],
]

const REFUSED: [string, string][] = [
  ['domain/a.ts', "import 'knex'"],
  ['domain/a.ts', "import 'node:fs'"],
  ['domain/a.ts', "import 'xmlbuilder2'"],
  ['domain/a.ts', "import '../db/payment/cart.ts'"],
  ['domain/wire/a.ts', "import '../../contracts/xml.ts'"],
  ['workflows/pay/workflow.ts', "import '../../activities/index.ts'"],
  ['workflows/pay/workflow.ts', "import type { A } from '../../activities/index.ts'\nexport type B = A"],
  ['workflows/pay/workflow.ts', "import '../../db/cart.ts'"],
  ['workflows/pay/workflow.ts', "import '../../domain/wire/attempt.ts'"],
  ['workflows/pay/workflow.ts', "import 'node:crypto'"],
  ['activities/pay.ts', "import '../api/app.ts'"],
  ['activities/pay.ts', "import '../workflows/pay/workflow.ts'"],
  ['activities/pay.ts', "import '../workflows/index.ts'"],
  ['db/a.ts', "import '../templates/engine.ts'"],
  ['api/citizen/cart.ts', "import '../../activities/index.ts'"],
  ['api/citizen/cart.ts', "import '../../workers/config.ts'"],
  ['api/citizen/cart.ts', "import '../../workflows/pay/contract.ts'"],
  ['api/citizen/cart.ts', "import '@temporalio/client'"],
  ['api/citizen/cart.ts', "import '../admin/enti.ts'"],
  ['api/citizen/area/home.ts', "import '../../support/search.ts'"],
  ['api/form/a.ts', "import '../citizen/cart.ts'"],
  ['services/payment/a.ts', "import 'express'"],
  ['services/payment/a.ts', "import '../../api/app.ts'"],
  ['db/a.ts', "import '../services/payment/a.ts'"],
  ['domain/a.ts', "import '../services/payment/a.ts'"],
  ['templates/a.ts', "import '../db/payment/cart.ts'"],
  ['templates/a.ts', "import 'knex'"],
  ['contracts/a.ts', "import '../domain/money.ts'"],
  ['simulator/a.ts', "import '../domain/money.ts'"],
  ['tools/a.ts', "import '../workers/config.ts'"],
]

/** Two files that import each other, even only for types: whoever reads one needs the other first. */
const CIRCLE = ['db/circle-a.ts', 'db/circle-b.ts'] as const

let dir: string
let complaints: string[]
let circles: string[]

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mypay-lint-'))
  cpSync('.oxlintrc.json', join(dir, '.oxlintrc.json'))
  for (const [kind, cases] of Object.entries({ allowed: ALLOWED, refused: REFUSED }))
    cases.forEach(([file, text], n) => plant(planted(kind, file, n), text))
  plant(CIRCLE[0], "import type { B } from './circle-b.ts'\nexport type A = B | 'a'")
  plant(CIRCLE[1], "import type { A } from './circle-a.ts'\nexport type B = A | 'b'")
  const lines = lint()
  complaints = filesOf(lines, 'no-restricted-imports')
  circles = filesOf(lines, 'no-cycle')
})
afterAll(() => rmSync(dir, { recursive: true }))

test.each(ALLOWED.map((one, n) => [...one, n] as const))('%s may have: %s', (file, _text, n) => {
  expect(complaints).not.toContain(planted('allowed', file, n))
})

test.each(REFUSED.map((one, n) => [...one, n] as const))('%s may not have: %s', (file, _text, n) => {
  expect(complaints).toContain(planted('refused', file, n))
})

test('a circle of files is refused, and nothing else is called one', () => {
  expect(circles.sort()).toEqual([...CIRCLE])
})

/** One file for each case, in the folder of the case: activities/pay.ts, the third, is activities/refused3-pay.ts. */
function planted(kind: string, file: string, n: number): string {
  return join(dirname(file), `${kind}${n}-${file.split('/').at(-1)}`)
}

function plant(file: string, text: string): void {
  mkdirSync(dirname(join(dir, file)), { recursive: true })
  writeFileSync(join(dir, file), text)
}

/** Complaints, one a line. */
function lint(): string[] {
  const oxlint = resolve('node_modules/.bin/oxlint')
  let text: string
  try {
    text = execFileSync(oxlint, ['--format', 'unix'], {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    text = (error as { stdout: string }).stdout
  }
  return text.split('\n')
}

const filesOf = (lines: readonly string[], rule: string): string[] =>
  lines.filter((line) => line.includes(rule)).map((line) => line.split(':')[0]!)
