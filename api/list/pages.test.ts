import { expect, it } from 'vitest'
import type { Turn } from '../../db/ground/turn.ts'
import { findPage } from './pages.ts'

const SIZE = 3

/** A list of these numbers in ascending order. */
function pageOf(numbers: readonly number[], query: Record<string, unknown>) {
  const find = async ({ place, isBack, limit }: Turn<number>): Promise<number[]> => {
    if (place === undefined) return numbers.slice(0, limit)
    return isBack
      ? numbers.filter((n) => n < place).slice(-limit)
      : numbers.filter((n) => n > place).slice(0, limit)
  }
  const readPlace = (text: string | undefined): number | undefined =>
    /^\d+$/.test(text ?? '') ? Number(text) : undefined
  return findPage({ href: '/l', query, size: SIZE, readPlace, find, placeOf: String })
}

it.each<
  [
    numbers: number[],
    query: Record<string, unknown>,
    rows: number[],
    previous: string | null,
    next: string | null,
  ]
>([
  [[], {}, [], null, null],
  [[1, 2, 3], {}, [1, 2, 3], null, null],
  [[1, 2, 3, 4], { q: 'a' }, [1, 2, 3], null, '/l?q=a&dopo=3&riga=4'],
  [[1, 2, 3, 4], { dopo: '3', riga: '4' }, [4], '/l?prima=4&riga=1', null],
  [[1, 2, 3, 4], { dopo: '3', riga: '-4' }, [4], '/l?prima=4', null],
  [[1, 2, 3, 4], { q: 'a', dopo: '3' }, [4], '/l?q=a&prima=4', null],
  [[1, 2, 3, 4], { q: 'a', prima: '4' }, [1, 2, 3], null, '/l?q=a&dopo=3'],
  [[1, 2, 3, 4, 5, 6, 7], { dopo: '3' }, [4, 5, 6], '/l?prima=4', '/l?dopo=6'],
  [[1, 2, 3, 4, 5, 6, 7], { prima: '7' }, [4, 5, 6], '/l?prima=4', '/l?dopo=6'],
  // The page before is no whole page any more, so the first page is shown.
  [[1, 2, 3, 4], { prima: '3' }, [1, 2, 3], null, '/l?dopo=3&riga=4'],
  // All rows of the page have gone.
  [[1, 2], { dopo: '3' }, [1, 2], null, null],
  [[1, 2, 3, 4], { dopo: 'x' }, [1, 2, 3], null, '/l?dopo=3&riga=4'],
  [[1, 2, 3, 4], { prima: ['4'], dopo: ['3'] }, [1, 2, 3], null, '/l?dopo=3&riga=4'],
])('%j with %j shows %j', async (numbers, query, rows, previous, next) => {
  const page = await pageOf(numbers, query)
  expect(page.rows).toEqual(rows)
  if (previous === null && next === null) expect(page.pages).toBeNull()
  else expect(page.pages).toMatchObject({ previous, next })
})

it.each([
  [{}, { from: 1, to: 3 }],
  [
    { dopo: '3', riga: '4' },
    { from: 4, to: 6 },
  ],
  [
    { prima: '7', riga: '4' },
    { from: 4, to: 6 },
  ],
  // An older address does not say it.
  [{ dopo: '3' }, null],
])('%j says which rows these are: %j', async (query, range) => {
  expect((await pageOf([1, 2, 3, 4, 5, 6, 7], query)).pages!.range).toEqual(range)
})
