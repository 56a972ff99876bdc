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

/** What a number adds to the name of a text. */
const PLURAL = /_(zero|one|many|other)$/

/** The words of operators, administration and support, whose pages exist in Italian only, and those of the receipt. */
const ITALIAN_ONLY = [
  'admin.json',
  'anomaly.json',
  'bulk.json',
  'config.json',
  'dues.json',
  'figures.json',
  'formedit.json',
  'flows.json',
  'journal.json',
  'operator.json',
  'process.json',
  'receiptpdf.json',
  'reporting.json',
  'sheet.json',
  'staff.json',
  'staffmail.json',
  'support.json',
  'treasury.json',
]

it.each(LANGUAGES.slice(1))('the words of staff and of the receipt are not in %s', (language) => {
  expect(filesOf(language)).toEqual(filesOf('it').filter((file) => !ITALIAN_ONLY.includes(file)))
})

describe.each(filesOf('it').filter((file) => !ITALIAN_ONLY.includes(file)))('%s', (file) => {
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

describe.each(LANGUAGES)('what depends on a number in %s', (language) => {
  const t = textsOf(language)
  const forms = filesOf(language).flatMap((file) =>
    flat(fileOf(language, file), file.slice(0, -'json'.length))
      .filter(([key]) => key.endsWith('_other'))
      .map(([key, text]) => ({ key: key.slice(0, -'_other'.length), other: text })),
  )

  // Italian has a form of its own for whole millions, and i18next asks for it.
  it.each(forms)('$key has words for every number', ({ key, other }) => {
    for (const count of [0, 1, 2, 999_999, 1_000_001])
      expect(() => t(key, { count, shown: count }), String(count)).not.toThrow()
    for (const count of [1_000_000, 2_000_000])
      expect(t(key, { count, shown: count })).toBe(other.replace(/\{\{(count|shown)\}\}/, String(count)))
  })

  it('has no form without the one for all other numbers', () => {
    const known = new Set(forms.map(({ key }) => key))
    const all = filesOf(language).flatMap((file) =>
      flat(fileOf(language, file), file.slice(0, -'json'.length)).map(([key]) => key),
    )
    const formed = all.filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ''))
    expect(formed.filter((key) => !known.has(key))).toEqual([])
  })
})

it('every error page says what happened, what to do and where to go', () => {
  for (const page of Object.values(fileOf('it', 'problem.json')))
    expect(Object.keys(page).sort()).toEqual(['href', 'hrefText', 'title', 'todo', 'what'])
})

const ROOT = new URL('../', import.meta.url)

/** Sources without their comments, by path. */
function sourcesOf(folders: readonly string[], ending: string): [path: string, code: string][] {
  return folders
    .flatMap((folder) =>
      readdirSync(new URL(`${folder}/`, ROOT), { recursive: true }).map(
        (path) => `${folder}/${String(path)}`,
      ),
    )
    .filter((path) => path.endsWith(ending) && !path.endsWith('.test.ts'))
    .sort()
    .map((path) => [path, withoutComments(readFileSync(new URL(path, ROOT), 'utf8'))])
}

const withoutComments = (code: string): string =>
  code.replace(/^\s*\/\*[^]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '')

describe('keys', () => {
  const FILES = filesOf('it').map((file) => file.slice(0, -'.json'.length))
  const keys = new Set(
    filesOf('it').flatMap((file) =>
      // A plural is asked for by its name without what the number adds.
      flat(fileOf('it', file), `${file.slice(0, -'json'.length)}`).map(([key]) => key.replace(PLURAL, '')),
    ),
  )
  /** Names of files of ours begin as keys do. */
  const assets = new Set(readdirSync(new URL('assets/', import.meta.url)))
  const code = sourcesOf(['activities', 'api', 'domain', 'services', 'templates', 'workers'], '.ts')
  const pages = sourcesOf(['templates'], '.hbs')

  /** Every text of the sources that begins as a key does, wherever it stands, because tables name keys too. */
  const named = new RegExp(`(['"\`])((?:${FILES.join('|')})\\.[^.](?:(?!\\1)[^\\n])*)\\1`, 'g')
  const used = [
    ...code.flatMap(([path, text]) =>
      [...text.matchAll(named)].map(([, quote, key]) => ({ path, key: key!, isPattern: quote === '`' })),
    ),
    ...pages.flatMap(([path, text]) =>
      [...text.matchAll(/[{(]t "([^"]+)"/g)].map(([, key]) => ({ path, key: key!, isPattern: false })),
    ),
  ].filter(({ key }) => !assets.has(key))

  /** `support.attention.${reason}` is any key of that group. */
  const patternOf = (key: string): RegExp => {
    const parts = key.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.'))
    return new RegExp(`^${parts.join('[^.]+').replace(/\[\^\.\]\+$/, '.+')}$`)
  }
  const meant = ({ key, isPattern }: (typeof used)[number]): string[] =>
    isPattern ? [...keys].filter((known) => patternOf(key).test(known)) : keys.has(key) ? [key] : []

  it('that sources use exist', () => {
    const missing = used.filter((use) => meant(use).length === 0).map(({ path, key }) => `${path}: ${key}`)
    expect(missing).toEqual([])
  })

  it('that exist are used', () => {
    const found = new Set(used.flatMap(meant))
    expect([...keys].filter((key) => !found.has(key))).toEqual([])
  })

  it('begin with words, so that these tests find them', () => {
    const hidden = code.flatMap(([path, text]) =>
      [...text.matchAll(/\bt(?:Or|exts)?\(\s*`(?![a-z]+\.)[^`]*`/gi)].map(([call]) => `${path}: ${call}`),
    )
    expect(hidden).toEqual([])
  })
})

describe('sentences in Italian', () => {
  const ITALIAN =
    /[àèéìòù’]|(?<![\w-])([Ii]l|[Gg]li|[Nn]on|del|della|dei|delle|nel|nella|[Uu]na?|[Cc]he|già|Scrivi|Scegli|Cerca|Nessun[ao]?)(?![\w-])/
  /** What is no sentence for people on a page. */
  const ALLOWED = new Map([
    ['api/ente/answer-software.ts', 'faults for the software of an ente, in the words of its contract'],
    ['api/ente/upload-flow.ts', 'refusals for the software of an ente, which are part of the port'],
    ['api/ente/software.ts', 'refusals for the software of an ente, which are part of the port'],
    ['api/node/answer-notice.ts', 'descriptions of faults for the node'],
    ['api/node/identity.ts', 'descriptions of faults for the node'],
    ['api/operator/example-flow.ts', 'a street of the example file, which is no sentence'],
    [
      'services/payment/keep-receipt.ts',
      'descriptions of faults for the node, which support reads as they were sent',
    ],
    ['services/payment/start-at-psp.ts', 'descriptions of faults for the node'],
    ['workers/start/table.ts', 'names of addresses in the console of `npm start`, which is no page'],
  ])
  const LITERAL = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

  const found = sourcesOf(['activities', 'api', 'services', 'templates', 'workers'], '.ts').filter(
    ([, code]) => (code.match(LITERAL) ?? []).some((literal) => ITALIAN.test(literal)),
  )

  it('stand with the words of the pages, and not in code', () => {
    const spoken = found.map(([path]) => path)
    expect(spoken.filter((path) => !ALLOWED.has(path))).toEqual([])
    expect([...ALLOWED.keys()].filter((path) => !spoken.includes(path))).toEqual([])
  })

  it('stand in no template, where only names are', () => {
    const words = sourcesOf(['templates'], '.hbs').flatMap(([path, text]) =>
      [...text.replace(/\{\{[^]*?\}\}+/g, '').matchAll(SHOWN)]
        .map(([, content, attribute]) => (content ?? attribute ?? '').replace(NAMES, ''))
        .filter((shown) => /\p{L}{2}/u.test(shown))
        .map((shown) => `${path}: ${shown.trim()}`),
    )
    expect(words).toEqual([])
  })
})

/** What a template shows: between its tags, or in an attribute that people read or hear. */
const SHOWN = /(?:^|>)([^<>]+)|(?:alt|aria-label|title|placeholder)="([^"]+)"/g
const NAMES = /\b(MyPay|WSDL|XML)\b/g
