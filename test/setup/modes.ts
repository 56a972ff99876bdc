import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Paths below a folder, and the folder itself, that other users of the machine may read, write or list. */
export function openToOthers(folder: string): string[] {
  const below = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return [folder, ...below].filter((path) => (statSync(path).mode & 0o077) !== 0)
}
