import { expect, it } from 'vitest'
import { flowWords } from './words.ts'

// A million has a plural of its own in Italian.
it.each([
  [0, 'Caricato'],
  [1, 'Caricato con 1 scarto'],
  [2, 'Caricato con 2 scarti'],
  [1_000_000, 'Caricato con 1.000.000 scarti'],
  [2_000_000, 'Tutto scartato'],
])('a loaded file of two million rows, %i of them rejected', (rowsRejected, words) => {
  expect(flowWords({ state: 'loaded', isCheck: false, rowsRead: 2_000_000, rowsRejected })).toBe(words)
})

it('a file that is not loaded yet says nothing of its rejected rows', () => {
  expect(flowWords({ state: 'loading', isCheck: false, rowsRead: 2, rowsRejected: 1 })).toBe('In caricamento')
})
