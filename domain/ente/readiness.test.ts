import { describe, expect, it } from 'vitest'
import { isForward, missingFor, readinessSteps, type EnteForReadiness, type Readiness } from './readiness.ts'

const READY: EnteForReadiness = {
  adhesion: ['base', 'flows', 'ente_software'],
  iban: 'IT61H9999912345000000000001',
  indirizzo: 'Piazza del Municipio',
  localita: 'Borgo Fittizio',
  email: 'ente@example.org',
}
const FOUND: Readiness = {
  activeDueTypes: 1,
  operators: 1,
  loadedFlows: 1,
  softwareFlows: 1,
  paidDues: 1,
  hasLogo: true,
}

const missing = (
  ente: Partial<EnteForReadiness>,
  found: Partial<Readiness>,
  to: 'PRE-ESERCIZIO' | 'ESERCIZIO',
): string[] =>
  missingFor(readinessSteps({ ...READY, ...ente }, { ...FOUND, ...found }), to).map(({ name }) => name)

describe('an ente that has done everything', () => {
  it.each(['PRE-ESERCIZIO', 'ESERCIZIO'] as const)('misses nothing for %s', (to) => {
    expect(missing({}, {}, to)).toEqual([])
  })
})

it.each<[string, Partial<EnteForReadiness>, Partial<Readiness>]>([
  ['adhesion', { adhesion: [] }, {}],
  ['iban', { iban: 'IT00' }, {}],
  ['iban', { iban: null }, {}],
  ['contacts', { email: null }, {}],
  ['dueTypes', {}, { activeDueTypes: 0 }],
  ['operators', {}, { operators: 0 }],
])('%s is needed before the test, and so before the start', (name, ente, found) => {
  expect(missing(ente, found, 'PRE-ESERCIZIO')).toEqual([name])
  expect(missing(ente, found, 'ESERCIZIO')).toContain(name)
})

it.each<[string, Partial<EnteForReadiness>, Partial<Readiness>]>([
  ['flow', {}, { loadedFlows: 0 }],
  ['software', {}, { softwareFlows: 0 }],
  ['payment', {}, { paidDues: 0 }],
  ['noticePayment', { adhesion: ['flows'] }, { paidDues: 0 }],
  ['logo', {}, { hasLogo: false }],
])('%s is needed before the start only', (name, ente, found) => {
  expect(missing(ente, found, 'PRE-ESERCIZIO')).toEqual([])
  expect(missing(ente, found, 'ESERCIZIO')).toEqual([name])
})

it('files and software are asked only of an ente that collects so', () => {
  expect(missing({ adhesion: ['base'] }, { loadedFlows: 0, softwareFlows: 0 }, 'ESERCIZIO')).toEqual([])
})

it('a step towards collecting is forward, a step back is not', () => {
  expect(isForward('INSERITO', 'PRE-ESERCIZIO')).toBe(true)
  expect(isForward('PRE-ESERCIZIO', 'ESERCIZIO')).toBe(true)
  expect(isForward('ESERCIZIO', 'PRE-ESERCIZIO')).toBe(false)
})
