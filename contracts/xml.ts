import { ParseOption, XmlDocument, XmlLibError } from 'libxml2-wasm'
import { readProlog } from './prolog.ts'

export type XmlRefusal = { kind: 'doctype' | 'malformed' | 'encoding' | 'too_large'; message: string }
export type XmlReading = { ok: true; doc: XmlDocument } | { ok: false; refusal: XmlRefusal }

/** libxml2 itself refuses a single text over 10 MB and more than 256 levels. */
const MAX_BYTES = 16 * 1024 * 1024

/** No real message has more tags, attributes or namespaces. Above these counts the work grows faster than the bytes. */
const MAX_COUNTS: readonly (readonly [mark: string, most: number])[] = [
  ['<', 200_000],
  ['=', 20_000],
  ['xmlns', 1_000],
]

const OPTIONS =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NO_SYS_CATALOG

/**
 * Parses untrusted bytes. It refuses a DOCTYPE (and so entities and files), limits size, depth and counts, uses the
 * byte order mark or the declared encoding, and refuses bytes that contradict it.
 * The caller disposes `doc`.
 */
export function parseXml(bytes: Uint8Array): XmlReading {
  const refusal = inspect(bytes)
  if (refusal) return { ok: false, refusal }
  try {
    return withoutDtd(XmlDocument.fromBuffer(bytes, { option: OPTIONS }))
  } catch (err) {
    if (err instanceof XmlLibError) return { ok: false, refusal: explain(err) }
    throw err
  }
}

function inspect(bytes: Uint8Array): XmlRefusal | undefined {
  if (bytes.byteLength > MAX_BYTES) return { kind: 'too_large', message: `more than ${MAX_BYTES} bytes` }
  const { text, encodingKnown, doctype, startsWithTag } = readProlog(bytes)
  if (!encodingKnown) return { kind: 'encoding', message: 'the bytes are not in the declared encoding' }
  if (!startsWithTag) return { kind: 'malformed', message: 'does not start with markup' }
  if (doctype) return { kind: 'doctype', message: 'DOCTYPE is not allowed' }
  const excess = MAX_COUNTS.find(([mark, most]) => occursMoreThan(text, mark, most))
  return excess && { kind: 'too_large', message: `more than ${excess[1]} times ${excess[0]}` }
}

function occursMoreThan(text: string, mark: string, most: number): boolean {
  let found = 0
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    if (++found > most) return true
  }
  return false
}

/** Checks again, in case the parser found a DOCTYPE that the prolog check missed. */
function withoutDtd(doc: XmlDocument): XmlReading {
  if (doc.dtd === null) return { ok: true, doc }
  doc.dispose()
  return { ok: false, refusal: { kind: 'doctype', message: 'DOCTYPE is not allowed' } }
}

const KINDS: readonly (readonly [RegExp, XmlRefusal['kind']])[] = [
  [/encoding/i, 'encoding'],
  [/Excessive depth|Resource limit/i, 'too_large'],
]

/** Gives only the position, because the parser's message may quote the document and so personal data. */
function explain(err: XmlLibError): XmlRefusal {
  const first = err.details[0]
  const kind = KINDS.find(([words]) => words.test(first?.message ?? ''))?.[1] ?? 'malformed'
  return { kind, message: `not readable at line ${first?.line ?? 0}, column ${first?.col ?? 0}` }
}
