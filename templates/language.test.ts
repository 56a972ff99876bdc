import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LANGUAGES, t, textsOf } from './language.ts'

it('a text nobody wrote is an error', () => {
  expect(() => t('payment.nowhere.heading')).toThrow(/no text for/)
})

it('values are put in as they are: pages escape them once', () => {
  expect(textsOf('de')('common.signedIn', { name: '<b>' })).toBe('Angemeldet als <b>')
})

type Texts = { [key: string]: string | Texts }

const fileOf = (language: string, file: string): Texts =>
  JSON.parse(readFileSync(new URL(`language/${language}/${file}`, import.meta.url), 'utf8')) as Texts
const filesOf = (language: string): string[] =>
  readdirSync(new URL(`language/${language}/`, import.meta.url)).sort()

/** "cart.total" → its text. */
function flat(texts: Texts, path = ''): [key: string, text: string][] {
  return Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : flat(value, `${path}${key}.`),
  )
}

const placeholders = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort()

/** The words of operators, administration and support, whose pages exist in Italian only. */
const STAFF = [
  'admin.json',
  'config.json',
  'dues.json',
  'flows.json',
  'journal.json',
  'operator.json',
  'staff.json',
  'support.json',
]

it.each(LANGUAGES.slice(1))('the words of staff are not in %s', (language) => {
  expect(filesOf(language)).toEqual(filesOf('it').filter((file) => !STAFF.includes(file)))
})

describe.each(filesOf('it').filter((file) => !STAFF.includes(file)))('%s', (file) => {
  const italian = new Map(flat(fileOf('it', file)))

  it.each(LANGUAGES.slice(1))('says the same things in %s, with the same values', (language) => {
    const other = new Map(flat(fileOf(language, file)))
    expect([...other.keys()].sort()).toEqual([...italian.keys()].sort())
    for (const [key, text] of italian) {
      expect(placeholders(other.get(key)!), key).toEqual(placeholders(text))
      expect(other.get(key) === '', key).toBe(text === '')
    }
  })
})

it('every error page says what happened, what to do and where to go', () => {
  for (const page of Object.values(fileOf('it', 'problem.json')))
    expect(Object.keys(page).sort()).toEqual(['href', 'hrefText', 'title', 'todo', 'what'])
})
