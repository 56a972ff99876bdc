import { expect, it } from 'vitest'
import type { WeekFigures } from '../../db/figures/reporting.ts'
import { weeksView } from './weeks-view.ts'

const sum = (items: number, cents: number) => ({ items, cents })
const week = (monday: string, reported = sum(0, 0)): WeekFigures => ({
  week: monday,
  collected: sum(1, 1000),
  reported,
  open: sum(0, 0),
  credited: sum(0, 0),
  uncredited: sum(0, 0),
})

it('the newest week comes first, its days end on Sunday, and the counts are the sums', () => {
  const { rows, counts, drawn } = weeksView([week('2026-11-23'), week('2026-11-30')], () => null)
  expect(rows.map((row) => row.week)).toEqual(['30/11 – 06/12/2026', '23/11 – 29/11/2026'])
  expect(counts[0]).toMatchObject({ name: 'Incassato', number: '2', money: '20,00 €', href: null })
  expect(drawn.map((bars) => bars.week)).toEqual(['2026-11-23', '2026-11-30'])
})

it('a week in which more was revoked than paid is shown below zero', () => {
  const { rows } = weeksView([week('2026-11-23', sum(1, -1050))], () => null)
  expect(rows[0]!.cells[1]).toMatchObject({ label: 'Rendicontato', money: '−10,50 €' })
})
