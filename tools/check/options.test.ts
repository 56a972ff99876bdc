import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CannotCheck, readOptions } from './options.ts'

const DATABASE = 'postgres://u:p@localhost:5432/mypay'
const folder = mkdtempSync(join(tmpdir(), 'mypay-options-'))
const log = join(folder, 'out.log')
writeFileSync(log, '')

function problemOf(...args: string[]): string {
  try {
    readOptions(['--database', DATABASE, ...args], {})
    return 'none'
  } catch (error) {
    expect(error).toBeInstanceOf(CannotCheck)
    return (error as CannotCheck).message
  }
}

test('valid options are taken, and the environment gives missing addresses', () => {
  const env = {
    DATABASE_URL: DATABASE,
    SIMULATOR_URL: 'http://localhost:3003',
    TEMPORAL_ADDRESS: 'localhost:7233',
  }
  expect(
    readOptions(['--log', log, '--grace', '1.5', '--healed-at', '2026-03-31T10:00:00+02:00'], env),
  ).toEqual({
    database: DATABASE,
    simulator: 'http://localhost:3003',
    temporal: 'localhost:7233',
    namespace: 'default',
    grace: 1.5,
    'healed-at': '2026-03-31T10:00:00+02:00',
    log: [log],
  })
  expect(readOptions([], {})).toBeUndefined()
  expect(readOptions([], { DATABASE_URL: DATABASE })).toMatchObject({
    simulator: '',
    temporal: '',
    grace: 60,
  })
})

test.each([
  ['a log that is not there', ['--log', join(folder, 'no.log')], 'no.log is not there'],
  ['a log that is a folder', ['--log', folder], 'is a folder'],
  ['a second log that is not there', ['--log', log, '--log', 'x.log'], '--log: x.log is not there'],
  ['words for the grace', ['--grace', 'un minuto'], '--grace: must be a number of seconds'],
  ['a negative grace', ['--grace=-5'], '--grace: must be a number of seconds'],
  ['no end of a grace', ['--grace', 'Infinity'], '--grace: must be a number of seconds'],
  ['an empty grace', ['--grace', ''], '--grace: must be a number of seconds'],
  ['no instant', ['--healed-at', 'ieri'], '--healed-at: must be an instant'],
  ['no address of a database', ['--database', 'mypay'], '--database: must be an address like postgres://'],
  [
    'an address of another kind',
    ['--database', 'http://localhost/x'],
    '--database: must be an address like postgres://',
  ],
  ['no address of a simulator', ['--simulator', 'simulator'], '--simulator: must be an address like http://'],
  ['no address of Temporal', ['--temporal', 'http://temporal'], '--temporal: must be HOST:PORT'],
  ['no namespace', ['--namespace', ''], '--namespace: must have a name'],
  ['an option that is none', ['--grazia', '5'], '--grazia'],
  ['an option without its value', ['--log'], '--log'],
  ['something that is no option', ['adesso'], 'adesso'],
])('%s is reported in one sentence', (_, args, sentence) => {
  expect(problemOf(...args)).toContain(sentence)
})

test('all wrong options are reported together', () => {
  const said = problemOf('--database', 'x', '--grace', 'y', '--log', 'z')
  expect(said.match(/^--\w+/gm)).toEqual(['--database', '--grace', '--log'])
})
