import { isUtf8 } from 'node:buffer'
import { open, type FileHandle } from 'node:fs/promises'
import type { Reason } from '../../domain/flow/reason.ts'

/** A line of the file without its line end. */
export interface RawLine {
  /** Undefined when the bytes are not text or the line is too long. */
  text: string | undefined
  /** Makes the bytes of the line; a line that is too long is cut. */
  raw: () => Buffer
  fault: 'none' | 'not_text' | 'too_long'
  /** There when the conversion of a spreadsheet has refused the row already. */
  reasons?: readonly Reason[]
}

export interface RawChunk {
  /** The lines that are not blank. */
  lines: RawLine[]
  /** The byte at which the next chunk begins. */
  toByte: number
  isLast: boolean
}

export interface ReadLimits {
  /** A chunk ends with the first line that ends past this many bytes. */
  chunkBytes: number
  /** A line with more bytes is too long. */
  lineBytes: number
}

export const READ_LIMITS: ReadLimits = { chunkBytes: 1024 * 1024, lineBytes: 64 * 1024 }

const LF = 10
const CR = 13
const BLOCK = 256 * 1024

/**
 * Reads the chunk that begins at `fromByte`, which must be the beginning of a line. A line belongs to the chunk in which it begins,
 * whatever its length. Only the beginning of a line that is too long is kept in memory.
 */
export async function readChunk(
  path: string,
  fromByte: number,
  { chunkBytes, lineBytes }: ReadLimits,
): Promise<RawChunk> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.allocUnsafe(chunkBytes)
    const { bytesRead } = await file.read(head, 0, chunkBytes, fromByte)
    if (bytesRead < chunkBytes)
      return {
        lines: linesOf(head.subarray(0, bytesRead), lineBytes),
        toByte: fromByte + bytesRead,
        isLast: true,
      }
    const tail = await readToLineEnd(file, fromByte + bytesRead, lineBytes)
    const whole = Buffer.concat([head, tail.kept])
    return { lines: linesOf(whole, lineBytes), toByte: tail.end, isLast: tail.isLast }
  } finally {
    await file.close()
  }
}

/** Reads the rest of the last line of a full chunk, with its line end. */
async function readToLineEnd(
  file: FileHandle,
  from: number,
  lineBytes: number,
): Promise<{ kept: Buffer; end: number; isLast: boolean }> {
  const kept: Buffer[] = []
  let size = 0
  for (let at = from; ;) {
    const block = Buffer.allocUnsafe(BLOCK)
    const { bytesRead } = await file.read(block, 0, BLOCK, at)
    const found = block.subarray(0, bytesRead).indexOf(LF)
    const part = block.subarray(0, found < 0 ? bytesRead : found + 1)
    // More need not be kept to see that the line is too long.
    if (size <= lineBytes) kept.push(part)
    size += part.length
    at += part.length
    if (found >= 0 || bytesRead === 0) return { kept: Buffer.concat(kept), end: at, isLast: bytesRead === 0 }
  }
}

function linesOf(bytes: Buffer, lineBytes: number): RawLine[] {
  return isUtf8(bytes) && !bytes.includes(0) && !hasLongLine(bytes, lineBytes)
    ? textLines(bytes.toString('utf8'))
    : separateLines(bytes, lineBytes)
}

function hasLongLine(bytes: Buffer, lineBytes: number): boolean {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LF, at)
    const stop = end < 0 ? bytes.length : end
    if (stop - at > lineBytes) return true
    at = stop + 1
  }
  return false
}

/** The lines of a chunk that is text as a whole, which is the common case. */
function textLines(text: string): RawLine[] {
  const lines: RawLine[] = []
  for (const line of text.split('\n')) {
    const kept = line.endsWith('\r') ? line.slice(0, -1) : line
    if (kept.trim() !== '') lines.push({ text: kept, raw: () => Buffer.from(kept), fault: 'none' })
  }
  return lines
}

/** Decodes the lines one by one, so that a line that is not text does not affect the others. */
function separateLines(bytes: Buffer, lineBytes: number): RawLine[] {
  const lines: RawLine[] = []
  for (let at = 0; at < bytes.length;) {
    const found = bytes.indexOf(LF, at)
    const end = found < 0 ? bytes.length : found
    const line = bytes.subarray(at, end > at && bytes[end - 1] === CR ? end - 1 : end)
    at = end + 1
    const read = separateLine(line, lineBytes)
    if (read) lines.push(read)
  }
  return lines
}

function separateLine(line: Buffer, lineBytes: number): RawLine | undefined {
  if (line.length > lineBytes)
    return { text: undefined, raw: () => line.subarray(0, lineBytes), fault: 'too_long' }
  if (!isUtf8(line) || line.includes(0)) return { text: undefined, raw: () => line, fault: 'not_text' }
  const text = line.toString('utf8')
  return text.trim() === '' ? undefined : { text, raw: () => line, fault: 'none' }
}
