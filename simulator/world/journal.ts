import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** An append-only file of JSON lines. `append` returns only after the kernel has the line, so kill -9 loses none. */
export class Journal<T> {
  private readonly fd: number

  private constructor(fd: number) {
    this.fd = fd
  }

  /**
   * Opens the file and returns its entries. An incomplete last line (killed while writing) is cut off, because
   * otherwise the next fact would be appended to it and lost too.
   * @throws SyntaxError with the line number when a complete line cannot be read
   */
  static open<T>(path: string): { journal: Journal<T>; entries: T[] } {
    mkdirSync(dirname(path), { recursive: true })
    const fd = openSync(path, 'a+')
    const bytes = readFileSync(path)
    const whole = bytes.lastIndexOf(0x0a) + 1
    if (whole < bytes.length) ftruncateSync(fd, whole)
    return { journal: new Journal<T>(fd), entries: parseLines<T>(bytes.subarray(0, whole).toString('utf8')) }
  }

  append(entry: T): void {
    writeSync(this.fd, `${JSON.stringify(entry)}\n`)
  }

  empty(): void {
    ftruncateSync(this.fd, 0)
  }

  close(): void {
    closeSync(this.fd)
  }
}

function parseLines<T>(text: string): T[] {
  const lines = text.split('\n')
  lines.pop()
  return lines.map((line, index) => {
    try {
      const entry: T = JSON.parse(line)
      return entry
    } catch (cause) {
      throw new SyntaxError(`journal line ${index + 1} is not JSON`, { cause })
    }
  })
}
