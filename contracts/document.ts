import { check, type SchemaName } from './schemas.ts'
import { canonicalText } from './tree.ts'
import { parseXml, type XmlRefusal } from './xml.ts'

export type DocumentReading =
  { ok: true; root: string; xml: string; violations: string[] } | { ok: false; refusal: XmlRefusal }

/**
 * A document in one spelling, whatever its encoding, prefixes, CDATA sections and comments were, and what the schema
 * objects to. Everything that is read of a document is read from `xml`, because the bytes may be UTF-16 or ISO-8859-1.
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
