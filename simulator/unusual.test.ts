import { readFileSync } from 'node:fs'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { violations } from '../contracts/schemas.ts'
import { source } from './behaviour/random.ts'
import { writeUnusually } from './psp/unusual/document.ts'
import { bytesOf } from './psp/written.ts'
import { readTree, type XmlTree } from './xml-tree.ts'

/** A receipt with every element of the schema, and a name with all characters that need escaping somewhere. */
const RECEIPT = readFileSync(
  new URL('../test/fixtures/contracts/rpt-rt/rt-every-element.xml', import.meta.url),
  'utf8',
)
  .replace('PSP di prova', 'Società "è" &amp; &lt;figli&gt; ]]&gt; 𝔘𝔫𝔦\u0085 Ž&#13;')
  .replace('2026-01-11T09:30:00.125+01:00', '2026-01-10T10:05:00')

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed)
const written = SEEDS.map((seed) => writeUnusually(RECEIPT, source(seed)))
const withNothing = SEEDS.map((seed) =>
  writeUnusually(RECEIPT.replace('PG1hcmNhRGFCb2xsby8+', ''), source(seed)),
)

describe('a receipt written unusually', () => {
  it('is valid by its schema', () => {
    const invalid = SEEDS.filter((seed) => violations('rpt-rt', bytesOf(written[seed]!)).length > 0)
    expect(invalid).toEqual([])
  })

  it('has the same values as the usual one', () => {
    const expected = valuesOf(readTree(Buffer.from(RECEIPT))!)
    const other = SEEDS.filter((seed) => valuesOf(readTree(bytesOf(written[seed]!))!) !== expected)
    expect(other).toEqual([])
  })

  it('is the same for the same seed', () => {
    expect(SEEDS.map((seed) => writeUnusually(RECEIPT, source(seed)))).toEqual(written)
  })

  it.each([
    ['a UTF-8 byte order mark', /^\uFEFF/, 'utf8'],
    ['UTF-16, the low byte first', /^\uFEFF/, 'utf16le'],
    ['UTF-16, the high byte first', /^\uFEFF/, 'utf16be'],
    ['ISO-8859-1', /^<\?xml[^>]*iso-8859-1.*à/is, 'latin1'],
    ['US-ASCII', /^<\?xml[^>]*us-ascii[^\x80-\uFFFF]*$/i, 'latin1'],
    ['no XML declaration', /^[^?]*<\w*:?RT/, 'utf8'],
    ['blanks around an amount', /importoTotalePagato\s*>\s+136\.50\s+</],
    ['a blank as a reference', /importoTotalePagato\s*>&#(13|x0*d);136\.50/i],
    ['zeros before an amount', />0+136\.50</],
    ['blanks around a day', /riferimentoDataRichiesta\s*>\s+2026-01-10/],
    ['a day with a zone', /2026-01-10\+14:00/],
    ['an instant in Greenwich', /2026-01-10T09:05:00(\.0+)?Z/],
    ['an instant on the day after', /2026-01-10T23:05:00(\.0+)?\+14:00/],
    ['an instant with a fraction', /10:05:00\.0+</],
    ['broken base64', /PG1h\ncmNh|cmNh\nRGFC|RGFC\nb2xs/],
    ['no base64 at all', /<\w*:?testoAllegato\s*\/>/],
    ['a prefix', /<p:RT[^>]+xmlns:p=/],
    ['a prefix declared deeper', /<ns2:dominio[^>]+xmlns:ns2=/],
    ['a default namespace taken away', /xmlns=(""|'')/],
    ['a prefix nobody uses', /xmlns:\w+=["']urn:example:altro/],
    ['a namespace in references', /xmlns="[^"]*&#/],
    ['a schema location', /:schemaLocation=/],
    ['CDATA', /<!\[CDATA\[[^\]]+\]\]>/],
    ['CDATA inside a text', />Società[^<]*<!\[CDATA\[/],
    ['a comment inside an amount', /1<!--[^>]*-->36\.50|136<!--[^>]*-->\.50|136\.<!--[^>]*-->50/],
    ['an instruction inside an amount', /1<\?[^>]*\?>36\.50|136<\?[^>]*\?>\.50|136\.<\?[^>]*\?>50/],
    ['a comment after the root', /RT\s*>\s*<!--[^>]*-->\s*$/],
    ['decimal references', /&#49;/],
    ['hexadecimal references', /&#x(0*)31;/],
    ['named references', /&quot;è&quot;/],
    ['single quotes', /xmlns='/],
    ['white space in tags', /<\/versioneOggetto\s+>/],
    ['white space between elements', /<\/versioneOggetto>\s+</],
  ])('has among its spellings %s', (_what, pattern, encoding?: string) => {
    const found = [...written, ...withNothing].filter(
      (one) => pattern.test(one.xml) && (encoding === undefined || one.encoding === encoding),
    )
    expect(found.length).toBeGreaterThan(0)
  })
})

/** All values in order, each normalised to one spelling. */
function valuesOf({ name, text, children }: XmlTree): string {
  return `${name} ${children.length > 0 ? children.map(valuesOf).join() : (ONE_SPELLING[name]?.(text) ?? text)}`
}

const amount = (text: string): string => String(Number(text))
const day = (text: string): string => text.trim().slice(0, 10)
const ONE_SPELLING: Record<string, (text: string) => string> = {
  importoTotalePagato: amount,
  singoloImportoPagato: amount,
  commissioniApplicatePSP: amount,
  commissioniApplicatePA: amount,
  riferimentoDataRichiesta: day,
  dataEsitoSingoloPagamento: day,
  dataOraMessaggioRicevuta: (text) =>
    String(DateTime.fromISO(text.trim(), { zone: 'Europe/Rome' }).toMillis()),
  testoAllegato: (text) => Buffer.from(text, 'base64').toString('hex'),
}
