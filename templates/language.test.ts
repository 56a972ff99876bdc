import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { t } from './language.ts'

it('a text nobody wrote is an error', () => {
  expect(() => t('payment.nowhere.heading')).toThrow(/no text for/)
})

it('values are put in as they are: pages escape them once', () => {
  expect(t('link.used.title')).toBe('Collegamento già usato')
})

type Texts = { [key: string]: string | Texts }

it('every error page says what happened, what to do and where to go', () => {
  const file = new URL('language/it/problem.json', import.meta.url)
  const { money, ...pages } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Texts>
  expect(Object.keys(money!)).toEqual(['none', 'unknown'])
  for (const page of Object.values(pages))
    expect(Object.keys(page).sort()).toEqual(['href', 'hrefText', 'title', 'todo', 'what'])
})
