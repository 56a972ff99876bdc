/** Encodings Node writes by itself; ISO-8859-1 and US-ASCII are both `latin1`. */
export type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'latin1'

/** A document as text, a byte order mark included, and how it becomes bytes: UTF-8 when nothing is said. */
export type Written = { xml: string; encoding?: Encoding }

export function bytesOf({ xml, encoding = 'utf8' }: Written): Buffer {
  return encoding === 'utf16be' ? Buffer.from(xml, 'utf16le').swap16() : Buffer.from(xml, encoding)
}
