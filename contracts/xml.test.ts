import { afterEach, describe, expect, it } from 'vitest'
import { violations } from './schemas.ts'
import { readSoap } from './soap.ts'
import { parseXml } from './xml.ts'

const DIGITPA = 'http://www.digitpa.gov.it/schemas/2011/Pagamenti/'
const times = (n: number, piece: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => piece(i)).join('')
const soap = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`
const state = (inside: string, attributes = ''): string =>
  `<w:nodoChiediStatoRPT xmlns:w="http://ws.pagamenti.telematici.gov/"${attributes}>${inside}</w:nodoChiediStatoRPT>`

function kindOf(bytes: Uint8Array | string): string {
  const reading = parseXml(Buffer.from(bytes as string))
  if (!reading.ok) return reading.refusal.kind
  reading.doc.dispose()
  return 'ok'
}

function contentOf(bytes: Uint8Array): string | undefined {
  const reading = parseXml(bytes)
  if (!reading.ok) return undefined
  const { content } = reading.doc.root
  reading.doc.dispose()
  return content
}

const LAUGHS = `<!DOCTYPE l [<!ENTITY a0 "lol">${times(9, (i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`)}]><l>&a9;</l>`

describe('what is refused', () => {
  it.each([
    ['doctype', 'a DOCTYPE', '<!DOCTYPE a><a/>'],
    [
      'doctype',
      'one after declaration, comment and instruction',
      '<?xml version="1.0"?> <!-- x --><?p q?>\n<!DOCTYPE a><a/>',
    ],
    ['doctype', 'a billion laughs', LAUGHS],
    ['doctype', 'an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['doctype', 'an external subset', '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>'],
    ['malformed', 'an undeclared entity', '<a>&x;</a>'],
    ['malformed', 'nothing', ''],
    ['malformed', 'an open element', '<a><b></a>'],
    ['malformed', 'an undeclared prefix', '<x:a/>'],
    ['malformed', 'two roots', '<a/><b/>'],
    ['malformed', 'text that is no markup', 'GET / HTTP/1.1'],
    ['too_large', '100,000 levels', '<a>'.repeat(100_000) + '</a>'.repeat(100_000)],
    ['too_large', '1,000,000 attributes', `<a${times(1_000_000, (i) => ` a${i}="1"`)}/>`],
    ['too_large', '5,000 namespaces', `<a${times(5_000, (i) => ` xmlns:a${i}="urn:${i}"`)}/>`],
    ['too_large', '1,000,000 elements', `<a>${'<b/>'.repeat(1_000_000)}</a>`],
    ['too_large', 'a text of 11 MB', `<a>${'x'.repeat(11_000_000)}</a>`],
    ['too_large', '17 MB', `<a>${'x'.repeat(17_000_000)}</a>`],
  ])('%s: %s', (kind, _what, xml) => {
    expect(kindOf(xml)).toBe(kind)
  })

  it('a DOCTYPE in UTF-16, with and without byte order mark', () => {
    const wide = Buffer.from('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><a/>', 'utf16le')
    expect(kindOf(wide)).toBe('doctype')
    expect(kindOf(Buffer.concat([Buffer.from([0xff, 0xfe]), wide]))).toBe('doctype')
    expect(kindOf(Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(wide).swap16()]))).toBe('doctype')
  })

  it('does not take a DOCTYPE in a comment or a text for one', () => {
    expect(kindOf('<!-- <!DOCTYPE a> --><a><![CDATA[<!DOCTYPE b>]]></a>')).toBe('ok')
  })

  it('gives the position and never quotes the document', () => {
    const reading = parseXml(Buffer.from('<a><RSSMRA80A01H501U></a>'))
    expect(reading).toEqual({
      ok: false,
      refusal: { kind: 'malformed', message: 'not readable at line 1, column 26' },
    })
  })
})

describe('encodings', () => {
  const declared = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?><a>perché €</a>`

  it.each([
    ['UTF-8', Buffer.from(declared('UTF-8'))],
    ['UTF-8 with byte order mark', Buffer.from(`\uFEFF${declared('UTF-8')}`)],
    ['UTF-16 little endian', Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le').swap16()],
    ['Windows-1252', Buffer.from(declared('windows-1252').replace('€', '\x80'), 'latin1')],
  ])('%s is read as what it is', (_name, bytes) => {
    expect(contentOf(bytes)).toBe('perché €')
  })

  it.each([
    ['UTF-8 declared, Latin-1 sent', Buffer.from(declared('UTF-8'), 'latin1')],
    ['UTF-16 declared, UTF-8 sent', Buffer.from(declared('UTF-16'))],
    ['UTF-8 declared, UTF-16 sent', Buffer.from(`\uFEFF${declared('UTF-8')}`, 'utf16le')],
    ['US-ASCII declared, accents sent', Buffer.from(declared('US-ASCII'))],
    ['an encoding nobody knows', Buffer.from(declared('klingon'))],
    ['EBCDIC', Buffer.from(declared('IBM037'))],
    ['UTF-7', Buffer.from(declared('UTF-7'))],
    ['UTF-32', Buffer.from([0, 0, 0, 0x3c, 0, 0, 0, 0x61, 0, 0, 0, 0x2f, 0, 0, 0, 0x3e])],
  ])('%s is refused', (_name, bytes) => {
    expect(kindOf(bytes)).toBe('encoding')
  })
})

describe('hostile messages take at most a second to judge, even those that may be read', () => {
  let started = performance.now()
  afterEach(() => {
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it.each([
    ['a billion laughs', LAUGHS],
    ['1,000,000 attributes', `<a${times(1_000_000, (i) => ` a${i}="1"`)}/>`],
    [
      '19,000 attributes',
      soap(
        state(
          '',
          times(19_000, (i) => ` a${i}="1"`),
        ),
      ),
    ],
    [
      '900 namespaces over many elements',
      soap(
        state(
          '<b/>'.repeat(190_000),
          times(900, (i) => ` xmlns:a${i}="urn:${i}"`),
        ),
      ),
    ],
    ['150,000 instructions', '<?a?>'.repeat(150_000) + soap(state(''))],
    ['an instruction of 9 MB', `<?a ${'?'.repeat(9_000_000)}?><a/>`],
    [
      '190,000 headers',
      `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>${'<b/>'.repeat(190_000)}</s:Header><s:Body/></s:Envelope>`,
    ],
    [
      'a value of 9 MB',
      `<RPT xmlns="${DIGITPA}"><versioneOggetto>${'x'.repeat(9_000_000)}</versioneOggetto></RPT>`,
    ],
    ['a document of blanks', ' '.repeat(15_000_000)],
  ])('%s', (_name, xml) => {
    const bytes = Buffer.from(xml)
    started = performance.now()
    expect(violations('rpt-rt', bytes)).not.toEqual([])
    expect(readSoap('nodo-per-pa', bytes).ok).toBe(false)
  })
})

it('a schema that a document names is never fetched', () => {
  const hint = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x file:///etc/hostname"`
  expect(violations('rpt-rt', Buffer.from(`<x:a xmlns:x="urn:x" ${hint}/>`))).toEqual([
    'a is not a message of this schema',
  ])
})
