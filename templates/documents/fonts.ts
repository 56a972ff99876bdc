import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The design kit's fonts, embedded in documents: a PDF that must last carries its own. */
export type FontName = 'text' | 'bold' | 'mono'

const FILES: Record<FontName, string> = {
  text: 'Titillium_Web/titillium-web-v10-latin-ext_latin-regular.ttf',
  bold: 'Titillium_Web/titillium-web-v10-latin-ext_latin-700.ttf',
  mono: 'Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular.ttf',
}

/** What pdfkit takes as a font besides a file; the part of it that we use ourselves. */
export interface ParsedFont {
  layout: unknown
  hasGlyphForCodePoint(codePoint: number): boolean
}

const require = createRequire(import.meta.url)
// pdfkit's own parser. Given the bytes, pdfkit would parse the tables again for each document: twice the cost of a page.
const parser = createRequire(require.resolve('pdfkit'))('fontkit') as { create(file: Buffer): ParsedFont }

const cache = new Map<FontName, ParsedFont>()

export const fontFile = (name: FontName): string =>
  join(dirname(require.resolve('bootstrap-italia/package.json')), 'dist', 'fonts', FILES[name])

/** Read from the package and parsed once per process. */
export function parsedFont(name: FontName): ParsedFont {
  const known = cache.get(name)
  if (known) return known
  const font = parser.create(readFileSync(fontFile(name)))
  cache.set(name, font)
  return font
}

/** A character the font lacks becomes a question mark: an archive PDF must not show an empty box. */
export function drawable(text: string, name: FontName): string {
  const font = parsedFont(name)
  return [...text.normalize('NFC')]
    .map((character) => (font.hasGlyphForCodePoint(character.codePointAt(0)!) ? character : '?'))
    .join('')
}
