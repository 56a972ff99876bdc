import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Fonts of the design kit. They are embedded, because a PDF for archiving must contain its fonts. */
const FONT_NAMES = ['text', 'bold', 'mono'] as const
export type FontName = (typeof FONT_NAMES)[number]

const FILES: Record<FontName, string> = {
  text: 'Titillium_Web/titillium-web-v10-latin-ext_latin-regular.ttf',
  bold: 'Titillium_Web/titillium-web-v10-latin-ext_latin-700.ttf',
  mono: 'Roboto_Mono/roboto-mono-v13-latin-ext_latin-regular.ttf',
}

/** A parsed font, which pdfkit accepts in place of a file. Only the parts that we use have a type. */
export interface ParsedFont {
  layout: unknown
  hasGlyphForCodePoint(codePoint: number): boolean
}

const require = createRequire(import.meta.url)
// This is pdfkit's own parser. If pdfkit got the bytes, it would parse them for each document, which doubles the cost
// of a page.
const parser: { create(file: Buffer): ParsedFont } = createRequire(require.resolve('pdfkit'))('fontkit')

const cache = new Map<FontName, ParsedFont>()

export const fontFile = (name: FontName): string =>
  join(dirname(require.resolve('bootstrap-italia/package.json')), 'dist', 'fonts', FILES[name])

/** Reads the font from the package and parses it once per process. */
export function parsedFont(name: FontName): ParsedFont {
  const known = cache.get(name)
  if (known) return known
  const font = parser.create(readFileSync(fontFile(name)))
  cache.set(name, font)
  return font
}

/** Gives a document all of our fonts under their names. */
export function registerFonts(doc: PDFKit.PDFDocument): void {
  // pdfkit takes a parsed font too, which its types omit.
  const { registerFont }: { registerFont(name: string, font: unknown): unknown } = doc
  for (const name of FONT_NAMES) registerFont.call(doc, name, parsedFont(name))
}

/**
 * Replaces each character that the font lacks by a question mark, because an archived PDF must not show an empty box.
 */
export function drawable(text: string, name: FontName): string {
  const font = parsedFont(name)
  return [...text.normalize('NFC')]
    .map((character) => (font.hasGlyphForCodePoint(character.codePointAt(0)!) ? character : '?'))
    .join('')
}
