import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const TAIL_BYTES = 4_000

/** Last lines of a log, for the error of a part that did not start. Empty when there is no file. */
export function logTail(file: string, lines = 5): string {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return ''
  }
  try {
    const size = fstatSync(fd).size
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES))
    readSync(fd, buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).join('\n')
  } finally {
    closeSync(fd)
  }
}
