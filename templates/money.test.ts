import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LANGUAGES } from './language.ts'

const ROOT = new URL('../', import.meta.url).pathname
const read = (path: string): string => readFileSync(ROOT + path, 'utf8')

/** Files with such an extension in the folders, without tests. */
const filesIn = (folders: readonly string[], ending: RegExp): string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
    )
    .filter((path) => ending.test(path) && !path.endsWith('.test.ts'))

/** Words that a sentence about the outcome of somebody's money contains, by language. */
const SAYS_SO: Record<string, RegExp> = {
  it: /addebit|pagat[oaie]\b|buon fine|non pagar|denaro|definitiv|già stat[oa] pag/i,
  en: /\bpaid\b|\bcharge|succeed|do not pay|money/i,
  de: /bezahlt\b|abgebucht|Abbuchung|erfolgreich|nicht erneut|\bGeld\b/i,
}

/** Texts that contain such words but are about no payment, with the reason. */
const HARMLESS: [keys: RegExp, why: string][] = [
  [/^area\.alone$|\.CART_MIX_NOT_ALLOWED$/, 'how such an item is to be paid'],
  [/^cart\.(not_payable|trouble\.payable)$|^area\.nothing$/, 'what can be paid now'],
  [/^cart\.versante\./, 'who pays'],
  [/^home\.spontaneousText$/, 'kinds of dues'],
  [/^info\./, 'questions that many ask, and rules; nobody’s payment'],
  [/^mail\.receipt\.(importo|total)$/, 'columns of a receipt that is attached'],
  [/^mail\.notice\.(paid|stop|intro\.\w+)$|^stopmail\.note$/, 'what is owed, asked of the tables as the mail leaves'],
  [/^noticepdf\.(test|counter)$/, 'a document that is worth nothing; where a notice can be paid'],
]

interface Nested {
  [key: string]: string | Nested
}

const flat = (texts: Nested, path: string): [key: string, text: string][] =>
  Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}.${key}`, value]] : flat(value, `${path}.${key}`),
  )

const fileNames = (language: string): string[] => readdirSync(`${ROOT}templates/language/${language}`)

/** Words that exist in Italian only: pages of operators, administrators and support. */
const STAFF = fileNames('it').filter((file) => !fileNames('en').includes(file))

const textsOf = (path: string): [key: string, text: string][] =>
  flat(JSON.parse(read(path)) as Nested, path.split('/').at(-1)!.replace('.json', ''))

/** The texts of citizens' pages and mails. */
const textsIn = (language: string): [key: string, text: string][] =>
  filesIn([`templates/language/${language}`], /\.json$/)
    .filter((path) => !STAFF.includes(path.split('/').at(-1)!))
    .flatMap(textsOf)

describe.each(LANGUAGES)('in %s', (language) => {
  const others = textsIn(language).filter(([key]) => !key.startsWith('money.'))

  it('no text outside "money" is about money', () => {
    const loose = others.filter(
      ([key, text]) => SAYS_SO[language]!.test(text) && !HARMLESS.some(([keys]) => keys.test(key)),
    )
    expect(loose).toEqual([])
  })

  it('every exception is still needed', () => {
    for (const [keys, why] of HARMLESS)
      expect([why, others.some(([key]) => keys.test(key))]).toEqual([why, true])
  })

  it('a text that somebody has not paid never forbids to pay', () => {
    const money = textsIn(language).filter(([key]) =>
      /^money\.known\.(notPaid|notYet|nothing|refused)$/.test(key),
    )
    expect(money).toHaveLength(4)
    for (const [, text] of money)
      expect(text).not.toMatch(/non pagare di nuovo|do not pay again|nicht erneut\b/i)
  })
})

it('templates and other modules do not use them directly', () => {
  const sources = filesIn(['templates', 'api', 'activities', 'services', 'workers'], /\.(ts|hbs)$/)
  const speakers = sources.filter((path) => path !== 'templates/money.ts' && /['"`]money\./.test(read(path)))
  expect(sources.length).toBeGreaterThan(200)
  expect(speakers).toEqual([])
})

it('no page of a citizen has words of its own', () => {
  const pages = filesIn(
    ['templates/pages/citizen', 'templates/emails', 'templates/layouts', 'templates/partials'],
    /\.hbs$/,
  )
  expect(pages.length).toBeGreaterThan(20)
  for (const path of pages) {
    const words = read(path).replace(/\{\{[\s\S]*?\}\}|<[^>]+>/g, ' ')
    for (const says of Object.values(SAYS_SO))
      expect([path, words]).toEqual([path, expect.not.stringMatching(says)])
  }
})

it('operators and support read "definitivo" only from why.ts, which looks at the anomalies first', () => {
  const final = STAFF.flatMap((file) => textsOf(`templates/language/it/${file}`)).filter(([, text]) =>
    /definitiv|Non attende/i.test(text),
  )
  expect(final.length).toBeGreaterThan(0)
  expect(final.filter(([key]) => !key.startsWith('support.why.'))).toEqual([])
  const sources = filesIn(['templates/pages', 'api'], /\.(ts|hbs)$/)
  expect(sources.filter((path) => /['"`]support\.why\./.test(read(path)))).toEqual(['api/support/why.ts'])
  expect(sources.filter((path) => /definitiv|Non attende/i.test(read(path)))).toEqual([])
})
