/** Encodings that Node supports; ISO-8859-1 and US-ASCII are both `latin1`. */
export type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'latin1'

/** A document as text, including a byte order mark, and its encoding, by default UTF-8. */
export type Written = { xml: string; encoding?: Encoding }

export function bytesOf({ xml, encoding = 'utf8' }: Written): Buffer {
  return encoding === 'utf16be' ? Buffer.from(xml, 'utf16le').swap16() : Buffer.from(xml, encoding)
}
