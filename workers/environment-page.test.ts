import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isAppError } from '../domain/errors.ts'
import { readConfig } from './config.ts'
import { ENVIRONMENT_PAGE, environmentPage, GROUPS } from './environment-page.ts'
import { schema } from './environment.ts'

const ADDRESSES = {
  DATABASE_URL: 'postgres://mypay@127.0.0.1:5432/mypay',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  NODO_URL: 'https://nodo.example/NodoPerPa',
  SMTP_URL: 'smtp://127.0.0.1:3004',
}

/** The cells of each row of the page: name, what it is, default, required. */
const ROWS = environmentPage()
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')))
  .map(([, name, text, standard, required]) => ({
    name: name!,
    text: text!,
    standard: standard!,
    required: required!,
  }))

test('docs/environment.md is up to date with the schema of the configuration', () => {
  expect(readFileSync(ENVIRONMENT_PAGE, 'utf8')).toBe(environmentPage())
})

test('each variable of the schema is on the page once, with a sentence of its own', () => {
  expect(ROWS.map(({ name }) => name)).toEqual(Object.keys(schema.shape))
  expect(Object.values(GROUPS).flatMap((group) => Object.keys(group))).toEqual(Object.keys(schema.shape))
  expect(ROWS.filter(({ text }) => !/^[A-Z`].*\.$/.test(text))).toEqual([])
})

test('the variables that the page calls always required are enough, and none of them may be absent', () => {
  const always = ROWS.filter(({ required }) => required === 'always').map(({ name }) => name)
  expect(always.sort()).toEqual(Object.keys(ADDRESSES).sort())
  expect(faultsOf(ADDRESSES)).toEqual([])
  for (const name of always) expect(faultsOf({ ...ADDRESSES, [name]: '' })).toEqual([name])
})

test('a start in production with nothing else misses exactly what the page says', () => {
  const said = ROWS.filter(({ required }) => required.startsWith('in production')).map(({ name }) => name)
  expect(faultsOf({ ...ADDRESSES, NODE_ENV: 'production' }).sort()).toEqual(said.sort())
})

test('a default of the page changes nothing when it is set', () => {
  const given = Object.fromEntries(ROWS.map(({ name, standard }) => [name, standard]))
  expect(readConfig({ ...given, ...ADDRESSES })).toEqual(readConfig(ADDRESSES))
})

test('the README names variables that exist', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const named = [...readme.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, name]) => name)
  expect(named.length).toBeGreaterThan(4)
  expect(Object.keys(schema.shape)).toEqual(expect.arrayContaining(named))
})

/** Names of the variables that a start would refuse. */
function faultsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (!isAppError(error, 'CONFIG_INVALID')) throw error
    return (error.details['faults'] as string[]).flatMap((fault) =>
      fault.slice(0, fault.indexOf(': ')).split(', '),
    )
  }
}
