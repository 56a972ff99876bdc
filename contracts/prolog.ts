export type Prolog = { text: string; encodingKnown: boolean; doctype: boolean; startsWithTag: boolean }

type Width = 'latin1' | 'utf16le' | 'utf16be'

/** First two bytes of a document with two-byte characters: a byte order mark, or "<" in UTF-16 without one. */
const WIDE_STARTS: readonly (readonly [Width, number, number])[] = [
  ['utf16le', 0xff, 0xfe],
  ['utf16be', 0xfe, 0xff],
  ['utf16le', 0x3c, 0x00],
  ['utf16be', 0x00, 0x3c],
]

/**
 * Inspects a document before any parser does, because a parser applies the defaults and entities of a DOCTYPE while it
 * reads: to ask it afterwards whether there was one is too late for a hostile document.
 * `text` has the right markup; its other characters may be wrong (8-bit encodings are read as Latin-1).
 */
export function readProlog(bytes: Uint8Array): Prolog {
  const width = WIDE_STARTS.find(([, a, b]) => bytes[0] === a && bytes[1] === b)?.[0] ?? 'latin1'
  const text = decode(bytes, width).replace(/^(?:\uFEFF|\u00EF\u00BB\u00BF)/, '')
  const start = skipBlanks(text, 0)
  return {
    text,
    encodingKnown: isDeclarationTrue(text, width) && !text.slice(0, 4).includes('\0'),
    doctype: hasDoctype(text, start),
    startsWithTag: text[start] === '<',
  }
}

function decode(bytes: Uint8Array, width: Width): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (width !== 'utf16be') return buffer.toString(width)
  return Buffer.from(buffer.subarray(0, buffer.length & ~1))
    .swap16()
    .toString('utf16le')
}

/** False when the declaration names a wide encoding over 8-bit bytes, or the reverse. */
function isDeclarationTrue(text: string, width: Width): boolean {
  const declared = /^<\?xml[^>?]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(text.slice(0, 200))?.[1]
  if (declared === undefined) return true
  return /^(?:utf-?(?:16|32)|ucs|iso-10646)/i.test(declared) === (width !== 'latin1')
}

function hasDoctype(text: string, start: number): boolean {
  let at = start
  for (;;) {
    const [opener, closer] = text.startsWith('<!--', at) ? ['<!--', '-->'] : ['<?', '?>']
    if (!text.startsWith(opener, at)) return text.startsWith('<!DOCTYPE', at)
    const end = text.indexOf(closer, at + opener.length)
    if (end < 0) return false
    at = skipBlanks(text, end + closer.length)
  }
}

function skipBlanks(text: string, from: number): number {
  const blanks = /[ \t\r\n]*/y
  blanks.lastIndex = from
  blanks.test(text)
  return blanks.lastIndex
}
