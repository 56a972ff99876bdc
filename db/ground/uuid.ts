import { randomFillSync } from 'node:crypto'

/** Random bytes are drawn for 512 ids at once, because drawing them one by one costs more than the rest of a row. */
const POOL = Buffer.alloc(16 * 512)
let used = POOL.length

/**
 * A time-ordered id in the format of PostgreSQL's uuidv7(). Used where rows that refer to each other are written by COPY, which does
 * not give their ids back.
 */
export function uuidv7(): string {
  if (used === POOL.length) {
    randomFillSync(POOL)
    used = 0
  }
  const bytes = POOL.subarray(used, (used += 16))
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
