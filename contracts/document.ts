import { check, type SchemaName } from './schemas.ts'
import { canonicalText } from './tree.ts'
import { parseXml, type XmlRefusal } from './xml.ts'

export type DocumentReading =
  { ok: true; root: string; xml: string; violations: string[] } | { ok: false; refusal: XmlRefusal }

/**
 * Reads a document of any encoding, prefixes, CDATA sections and comments.
 * `xml` is its canonical text: take values from it, never from `bytes`, because the bytes may be UTF-16 or ISO-8859-1.
 * `violations` lists what breaks the schema; [] = valid.
 */
export function readDocument(schema: SchemaName, bytes: Uint8Array): DocumentReading {
  const reading = parseXml(bytes)
  if (!reading.ok) return reading
  const { doc } = reading
  try {
    return {
      ok: true,
      root: doc.root.name,
      xml: canonicalText(doc.root),
      violations: check(schema, doc),
    }
  } finally {
    doc.dispose()
  }
}
