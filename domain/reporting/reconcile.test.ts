import { describe, expect, it, test } from 'vitest'
import { AMOUNTS } from '../../test/reconciliation/cases/amounts.ts'
import { PAYING } from '../../test/reconciliation/cases/paying.ts'
import { REVISIONS } from '../../test/reconciliation/cases/revisions.ts'
import { SAME_PAYMENT } from '../../test/reconciliation/cases/same-payment.ts'
import { UNREAD } from '../../test/reconciliation/cases/unread.ts'
import { done } from '../../test/reconciliation/done.ts'
import { facts } from '../../test/reconciliation/given.ts'
import { toldAct, toldRow } from '../../test/reconciliation/told.ts'
import { compare } from './order.ts'
import { ROW_CLASSES } from './row-class.ts'
import type { IuvFacts } from './iuv-facts.ts'
import type { ReconciledIuv } from './reconciled.ts'
import { reconcile } from './reconcile.ts'

const CASES = [...UNREAD, ...SAME_PAYMENT, ...AMOUNTS, ...PAYING, ...REVISIONS]
const one = (given: IuvFacts): ReconciledIuv => reconcile([given])[0]!

describe('a row of a flow', () => {
  test.each(CASES)('%s', (_name, given, rows, acts) => {
    const known = facts(given)
    const { rows: classified, acts: asked } = one(known)
    expect([...classified].sort((a, b) => a.rowId.localeCompare(b.rowId)).map(toldRow)).toEqual(rows)
    expect([...asked].map(toldAct).sort()).toEqual([...acts].sort())
    expect(one(done(known, asked)).acts).toEqual([])
  })

  it('has a case of every class and every rule above', () => {
    const told = CASES.flatMap(([, , rows]) => rows.map((text) => text.split(' ')))
    expect(new Set(told.map(([, rowClass]) => rowClass))).toEqual(new Set(ROW_CLASSES))
    expect([...new Set(told.map(([, , rule]) => rule ?? ''))].sort(compare)).toEqual([
      'R1',
      'R2',
      'R3',
      'R4',
      'R5',
      'R6',
      'R7',
      'R8',
      'R9',
    ])
    expect(CASES.length).toBeGreaterThanOrEqual(100)
  })

  it('is judged by the facts of its own IUV, however many are asked at once', () => {
    const many = CASES.map(([, given], at) => ({ ...facts(given), iuv: String(at) }))
    expect(reconcile(many)).toEqual(many.map(one))
  })
})
