import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// The build draws these files into dist/assets, which is beside the built code and below the sources.
const beside = new URL('../assets/', import.meta.url)
const built = existsSync(beside) ? beside : new URL('../dist/assets/', import.meta.url)

/** Folder of the stylesheet and the icons that the build draws. */
export const DRAWN_ASSETS = fileURLToPath(built)

const versions = new Map<string, string>()

/** Address of a drawn file. It changes with the content, so that browsers keep a file for long and never show an old one. */
export function assetHref(name: string): string {
  const known = versions.get(name)
  if (known !== undefined) return known
  const hash = createHash('sha256')
    .update(readFileSync(new URL(name, built)))
    .digest('hex')
  const href = `/assets/${name}?v=${hash.slice(0, 12)}`
  versions.set(name, href)
  return href
}
