import { FileRefusal } from '../../treasury/movement.ts'
import { joined, type Decoder } from './bytes.ts'

/** The largest part that a parser gets at once. */
const PART = 64 * 1024
/** A declaration is in the first bytes. */
const HEAD = 1024

/** Encodings that a declaration may name, and how they are called where they are decoded. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-1': 'windows-1252',
  'iso-8859-15': 'iso-8859-15',
  'windows-1252': 'windows-1252',
  'utf-16': 'utf-16',
  'utf-16le': 'utf-16',
  'utf-16be': 'utf-16',
}

/** The text of a document in small parts, in the encoding that its byte order mark or its declaration names. */
export async function* xmlText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder: Decoder | undefined
  for await (const part of partsOf(bytes)) {
    decoder ??= decoderOf(part)
    yield decoded(decoder, part)
  }
  if (decoder) yield decoded(decoder)
}

function decoded(decoder: Decoder, part?: Uint8Array): string {
  try {
    return part ? decoder.decode(part, { stream: true }) : decoder.decode()
  } catch {
    throw new FileRefusal({ kind: 'encoding' })
  }
}

/** Parts of at most 64 KB; the first one holds the declaration. */
async function* partsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array()
  for await (const given of bytes) {
    const part: Uint8Array = head ? joined([head, given]) : given
    if (head && part.length < HEAD) {
      head = part
      continue
    }
    head = undefined
    for (let at = 0; at < part.length; at += PART) yield part.subarray(at, at + PART)
  }
  if (head) yield head
}

/** Two-byte characters begin with a mark, or with "<" and a zero. */
const WIDE: Readonly<Record<string, string>> = {
  '255,254': 'utf-16le',
  '60,0': 'utf-16le',
  '254,255': 'utf-16be',
  '0,60': 'utf-16be',
}

/** Bytes that contradict their declaration are refused, because two readers would read two documents. */
function decoderOf(head: Uint8Array): Decoder {
  const wide = WIDE[head.subarray(0, 2).join()]
  const start = new TextDecoder(wide ?? 'windows-1252').decode(head.subarray(0, HEAD))
  const declared = /^[^<]{0,3}<\?xml[^>?]*?encoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1]
  const encoding = ENCODINGS[declared?.toLowerCase() ?? 'utf-8']
  if (encoding === undefined || (declared !== undefined && (encoding === 'utf-16') !== (wide !== undefined)))
    throw new FileRefusal({ kind: 'encoding' })
  return new TextDecoder(wide ?? encoding, { fatal: true })
}
