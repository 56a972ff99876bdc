import { expect, it } from 'vitest'
import { plainCausale } from './causale.ts'
import { latin } from './latin.ts'

it.each([
  ['Città dell’Aquila', "Citta dell'Aquila"],
  ['Rata 1 – 2026', 'Rata 1 - 2026'],
  ['Łukasz Øster', 'Lukasz Oster'],
  ['Straße', 'Strasse'],
  ['Ærø, Œuvre', 'AEro, OEuvre'],
  ['Nicco\u0300', 'Nicco'],
  ['ﬁrma', 'firma'],
])('%s is %s in plain letters', (text, plain) => {
  expect(latin(text)).toBe(plain)
  expect(plainCausale(text)).toBe(plain)
})

it('other scripts and signs stay unchanged', () => {
  expect(latin('Иван € 5')).toBe('Иван € 5')
  expect(plainCausale('€ 5')).toBe('  5')
})
