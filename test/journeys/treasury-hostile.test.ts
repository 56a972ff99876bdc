import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE_ZIPS } from '../flows/hostile-zips.ts'
import { zipOf } from '../flows/zip.ts'
import {
  aBank,
  countedCents,
  creditsOf,
  opiOf,
  sample,
  sendStatement,
  settled,
  type Bank,
} from '../setup/bank.ts'
import { textOf } from '../setup/citizen-site.ts'
import { startStack, type Stack } from '../setup/stack.ts'

/** Statements that are not what they say: each is refused with what to do, and the next good one is loaded. */

const MEGABYTE = 1024 * 1024
const WORDS = {
  not_zip: 'Lo ZIP non si apre',
  too_big: 'supera 50 MB',
  bomb: 'compresso più di quanto un file vero può essere',
  not_known: 'non è né un giornale di cassa OPI',
  too_many_entries: 'più di 200 file',
  broken: 'Lo ZIP è rotto',
  encrypted: 'protetto da password',
  pages: 'non è intero',
  several_kinds: 'solo se sono le pagine di un giornale di cassa OPI',
  nothing: 'Lo ZIP non contiene file',
  doctype: 'porta definizioni proprie',
  unreadable: 'L’XML è rotto alla riga',
  too_deep: 'annidato come nessuna banca scrive',
  too_long: 'lungo come nessuna banca scrive',
  encoding: 'La codifica dei caratteri',
} as const

let stack: Stack
let bank: Bank
beforeAll(async () => {
  stack = await startStack({})
  bank = await aBank(stack)
})
afterAll(() => stack.close())

async function refused(bytes: Buffer, name: string): Promise<string> {
  const from = Date.now()
  const page = await settled(bank, await sendStatement(bank, bytes, { name }), 'refused')
  expect(Date.now() - from).toBeLessThan(10_000)
  expect(await creditsOf(bank)).toEqual([])
  return textOf(page)
}

/** What each hostile archive of dues is as a statement. Nothing is unpacked to a disk, so that names lead nowhere. */
const AS_STATEMENT: Record<string, keyof typeof WORDS | 'asks'> = {
  'a bomb': 'too_big',
  'two gigabytes behind a true header': 'too_big',
  'a zip in a zip': 'not_known',
  'ten thousand and one entries': 'too_many_entries',
  'a size that lies low': 'broken',
  'an encrypted file': 'encrypted',
  'a cut end': 'not_zip',
}

describe('an archive', () => {
  it.each(HOSTILE_ZIPS.filter(({ what }) => what in AS_STATEMENT))(
    'that is $what is refused, and says why',
    async ({ what, make }) => {
      const word = WORDS[AS_STATEMENT[what] as keyof typeof WORDS]
      expect(await refused(await make('giornale.xml'), 'giornale.zip')).toContain(word)
    },
  )

  it.each<[string, keyof typeof WORDS, () => Promise<Buffer>]>([
    ['a small bomb', 'bomb', () => zipOf({ 'a.xml': Buffer.alloc(40 * MEGABYTE, ' ') })],
    ['of folders only', 'nothing', () => zipOf({ '__MACOSX/a.xml': 'x' })],
    ['with a page twice under one name', 'pages', () => twice('a.xml', opiOf(bank))],
    ['of a journal and a statement', 'several_kinds', mixed],
  ])('%s is refused, and says why', async (_what, kind, make) => {
    expect(await refused(await make(), 'giornale.zip')).toContain(WORDS[kind])
  })

  it.each(['../../../../tmp/mypay-out.xml', '/tmp/mypay-out.xml', 'C:\\mypay-out.xml'])(
    'whose file is named %s is read, and nothing is written there',
    async (name) => {
      const { existsSync } = await import('node:fs')
      const own = await aBank(stack)
      const zip = await named(name, opiOf(own))
      await settled(own, await sendStatement(own, zip, { name: 'giornale.zip' }))
      expect(await countedCents(own)).toEqual([141_345, 7_730])
      expect(existsSync('/tmp/mypay-out.xml')).toBe(false)
    },
  )
})

const LAUGHS = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')

/** Documents of both kinds: `wrap` puts something hostile where a text is. */
const KINDS = {
  opi: (text: string) => opiOf(bank).toString().replace('BANCA IMMAGINARIA S.P.A. SERVIZIO PAGOPA', text),
  camt: (text: string) =>
    sample('camt.053.001.08.xml')
      .toString()
      .replace(/<Ustrd>[^<]*/, `<Ustrd>${text}`),
}
const before = (document: string, text: string): string => document.replace(/(<\?xml[^>]*>)?/, `$1${text}`)

describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('XML of %s', (kind) => {
  it.each<[string, keyof typeof WORDS, (document: (text: string) => string) => string | Buffer]>([
    ['a billion laughs', 'doctype', (of) => before(of('&l9;'), `<!DOCTYPE a [<!ENTITY l0 "ah">${LAUGHS}]>`)],
    [
      'a file of ours',
      'doctype',
      (of) => before(of('&e;'), '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    ],
    [
      'a definition elsewhere',
      'doctype',
      (of) => before(of('x'), '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'),
    ],
    ['an unknown entity', 'unreadable', (of) => of('&segreto;')],
    ['half a document', 'unreadable', (of) => of('x').slice(0, -200)],
    ['deep nests', 'too_deep', (of) => of('<a>'.repeat(100) + '</a>'.repeat(100))],
    ['a text of two megabytes', 'too_long', (of) => of('x'.repeat(2 * MEGABYTE))],
    ['a tag of two megabytes', 'too_long', (of) => of(`<a b="${'x'.repeat(2 * MEGABYTE)}"/>`)],
    ['bytes of another encoding', 'encoding', (of) => latin(of('PERCH\u00c9'))],
  ])('with %s is refused, and shows nothing of it', async (_what, word, make) => {
    const bytes = Buffer.from(make(KINDS[kind]))
    const page = await refused(bytes, `${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}.xml`)
    expect(page).toContain(WORDS[word])
    expect(page).not.toMatch(/root:|ahah|segreto/)
  })
})

it('after all that a good statement is loaded', async () => {
  await settled(bank, await sendStatement(bank, opiOf(bank)))
  expect(await countedCents(bank)).toEqual([141_345, 7_730])
})

/** The same bytes would be another document to a reader that believes the declaration. */
const latin = (document: string): Buffer =>
  Buffer.from(document.replace(/encoding="[^"]*"/, 'encoding="UTF-8"'), 'latin1')

async function mixed(): Promise<Buffer> {
  return zipOf({ 'a.xml': opiOf(bank), 'b.xml': sample('camt.053.001.08.xml') })
}

function twice(name: string, bytes: Buffer): Promise<Buffer> {
  const zip = new ZipFile()
  for (let n = 0; n < 2; n++) zip.addBuffer(bytes, name)
  zip.end()
  return buffer(zip.outputStream as Readable)
}

/** An archive whose only entry has this name, which an honest writer refuses. */
async function named(name: string, bytes: Buffer): Promise<Buffer> {
  const honest = 'x'.repeat(name.length)
  const zip = await zipOf({ [honest]: bytes })
  for (let at = zip.indexOf(honest); at >= 0; at = zip.indexOf(honest, at + 1)) zip.write(name, at)
  return zip
}
