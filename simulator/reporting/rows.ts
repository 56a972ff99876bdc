import { writeCents } from '../money.ts'
import type { FlowRow, Recipe, Rows } from './flow.ts'

const MOST_CENTS = 50_000
const GOLDEN = 0x9e3779b9

export function countOf(rows: Rows): number {
  return 'recipe' in rows ? rows.recipe.count : rows.rows.length
}

/** The rows from the place `from`, counted from 0, up to `to`, which is not included. Each has its number. */
export function* rowsOf(rows: Rows, from = 0, to = Infinity): Generator<FlowRow & { index: number }> {
  const end = Math.min(to, countOf(rows))
  for (let at = from; at < end; at += 1) {
    const row = 'recipe' in rows ? generated(rows.recipe, at) : rows.rows[at]!
    yield { ...row, index: row.index ?? at + 1 }
  }
}

/** Depends only on the recipe and the place. */
function generated(recipe: Recipe, at: number): FlowRow {
  const { seed, firstIuv, code, payDate } = recipe
  const iuv = String(BigInt(firstIuv) + BigInt(at)).padStart(firstIuv.length, '0')
  const pay = recipe.pay ?? writeCents(1 + (mix(seed + Math.imul(at, GOLDEN)) % MOST_CENTS))
  return { iuv, iur: `GEN${seed}N${at + 1}`, idTransfer: 1, pay, code, payDate }
}

function mix(from: number): number {
  let mixed = Math.imul(from ^ (from >>> 16), 0x45d9f3b)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
