import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allMoves, MOVES } from '../domain/states.ts'
import { STATE_WORDS } from './state-words.ts'
import { STATES_PAGE, statesPage } from './states.ts'

test('docs/states.md is up to date with the tables of moves', () => {
  expect(readFileSync(STATES_PAGE, 'utf8')).toBe(statesPage())
})

test('every move of the tables is an arrow on the page', () => {
  const page = statesPage()
  for (const { from, to } of allMoves())
    expect(page).toContain(`  ${from.replaceAll('-', '_')} --> ${to.replaceAll('-', '_')}\n`)
})

test('every state has words, and there are no words without a state', () => {
  for (const [entity, moves] of Object.entries(MOVES))
    expect(Object.keys(STATE_WORDS[entity as keyof typeof MOVES])).toEqual(Object.keys(moves))
})
