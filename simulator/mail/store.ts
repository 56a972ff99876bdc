import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Mails as they came, one file each. The journal contains only their ids and headers. */
export class MailStore {
  private readonly folder: string

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true })
  }

  write(id: string, bytes: Buffer): void {
    writeFileSync(join(this.folder, `${id}.eml`), bytes)
  }

  read(id: string): Buffer {
    return readFileSync(join(this.folder, `${id}.eml`))
  }

  empty(): void {
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { recursive: true })
  }
}
