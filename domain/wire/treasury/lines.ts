import { joined, type Decoder } from './bytes.ts'

/** A line that is not blank, or why it cannot be read. */
export type Line = { number: number } & (
  { kind: 'text'; text: string; encoding: Encoding } | { kind: 'fault'; code: 'not_text' | 'too_long' }
)

export type Encoding = 'utf-8' | 'iso-8859-15'

/** As long as a line of a file of dues. */
const MOST_BYTES = 64 * 1024
const LF = 10

/**
 * The lines of a large file. Of a line that is too long only the beginning is kept in memory.
 * @param encodings each line is read in the first one that fits
 */
export async function* readLines(
  bytes: AsyncIterable<Uint8Array>,
  encodings: readonly Encoding[],
): AsyncGenerator<Line> {
  const decoders = encodings.map((encoding) => new TextDecoder(encoding, { fatal: true }))
  let number = 0
  for await (const line of splitLines(bytes)) {
    const read = lineOf(line, ++number, decoders)
    if (read.kind === 'fault' || read.text.trim() !== '') yield read
  }
}

function lineOf(line: Uint8Array, number: number, decoders: readonly Decoder[]): Line {
  if (line.length > MOST_BYTES) return { number, kind: 'fault', code: 'too_long' }
  if (line.includes(0)) return { number, kind: 'fault', code: 'not_text' }
  for (const decoder of decoders) {
    const text = decodedBy(decoder, line)
    if (text !== undefined)
      return { number, kind: 'text', text: text.replace(/\r$/, ''), encoding: decoder.encoding as Encoding }
  }
  return { number, kind: 'fault', code: 'not_text' }
}

function decodedBy(decoder: Decoder, line: Uint8Array): string | undefined {
  try {
    return decoder.decode(line)
  } catch {
    return undefined
  }
}

async function* splitLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let kept: Uint8Array[] = []
  let size = 0
  const keep = (part: Uint8Array): void => {
    // More need not be kept to see that the line is too long.
    if (size <= MOST_BYTES) kept.push(part.subarray(0, MOST_BYTES + 1))
    size += part.length
  }
  const taken = (): Uint8Array => {
    const line = joined(kept)
    kept = []
    size = 0
    return line
  }
  for await (const part of bytes) {
    let from = 0
    for (let end = part.indexOf(LF); end >= 0; end = part.indexOf(LF, from)) {
      keep(part.subarray(from, end))
      yield taken()
      from = end + 1
    }
    keep(part.subarray(from))
  }
  if (size > 0) yield taken()
}
