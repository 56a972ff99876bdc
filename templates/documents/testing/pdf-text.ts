import { inflateSync } from 'node:zlib'

/** A line of text of a PDF that pdfkit wrote, with its position. The reader supports only what tests need. */
export interface TextLine {
  text: string
  font: string
  /** Points from the left edge, and from the bottom edge of the page. */
  x: number
  right: number
  y: number
}

interface Glyphs {
  name: string
  widths: readonly number[]
  characters: readonly string[]
}

type Objects = ReadonlyMap<number, { dictionary: string; stream: string }>

const LINE = /1 0 0 1 ([\d.]+) ([\d.]+) Tm\n\/(F\d+) ([\d.]+) Tf\n(?:[^\n]*\n)*?\[([^\]]*)\] TJ/g

/** The lines of each page, in drawing order. */
export function pdfPages(file: Buffer): TextLine[][] {
  const objects = readObjects(file)
  return [...objects.values()]
    .filter(({ dictionary }) => /\/Type \/Page\n/.test(dictionary))
    .map((page) => {
      const fonts = pageFonts(objects, page.dictionary)
      const content = objects.get(reference(page.dictionary, 'Contents'))!.stream
      return [...content.matchAll(LINE)].map((match) => lineOf(match, fonts))
    })
}

/** The whole text of the file, one line per drawn line. */
export function pdfText(file: Buffer): string {
  return pdfPages(file)
    .flat()
    .map((line) => line.text)
    .join('\n')
}

/** Types of the structure tree, in the order of the file: H1, L, LI… */
export function pdfTags(file: Buffer): string[] {
  return [...file.toString('latin1').matchAll(/<<\n\/S \/(\w+)\n/g)].map((match) => match[1]!)
}

function lineOf(
  [, x, y, fontId, size, parts]: RegExpMatchArray,
  fonts: ReadonlyMap<string, Glyphs>,
): TextLine {
  const font = fonts.get(fontId!)!
  const codes = [...parts!.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex]) =>
    hex!.match(/.{4}/g)!.map((c) => parseInt(c, 16)),
  )
  const kerning = [...parts!.replace(/<[^>]*>/g, ' ').matchAll(/-?[\d.]+/g)].reduce(
    (sum, [n]) => sum + Number(n),
    0,
  )
  const width = codes.reduce((sum, code) => sum + font.widths[code]!, 0) - kerning
  return {
    text: codes.map((code) => font.characters[code]!).join(''),
    font: font.name,
    x: Number(x),
    right: Number(x) + (width * Number(size)) / 1000,
    y: Number(y),
  }
}

function pageFonts(objects: Objects, page: string): Map<string, Glyphs> {
  const resources = objects.get(reference(page, 'Resources'))!.dictionary
  return new Map(
    [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, id, number]) => [
      id!,
      glyphs(objects, Number(number)),
    ]),
  )
}

function glyphs(objects: Objects, number: number): Glyphs {
  const font = objects.get(number)!.dictionary
  const descendant = objects.get(Number(/DescendantFonts \[(\d+)/.exec(font)![1]))!.dictionary
  const map = objects.get(reference(font, 'ToUnicode'))!.stream
  const lists = [...map.matchAll(/> \[([^\]]*)\]/g)].map((match) => match[1]!)
  return {
    name: /\/BaseFont \/\w+\+(\S+)/.exec(font)![1]!,
    widths: /\/W \[0 \[([^\]]*)\]/.exec(descendant)![1]!.split(' ').map(Number),
    characters: [...lists.join(' ').matchAll(/<([0-9a-f ]+)>/g)].map(([, hex]) =>
      utf16(hex!.replaceAll(' ', '')),
    ),
  }
}

const utf16 = (hex: string) => Buffer.from(hex, 'hex').swap16().toString('utf16le')
const reference = (dictionary: string, key: string) =>
  Number(new RegExp(`/${key} (\\d+) 0 R`).exec(dictionary)![1])

function readObjects(file: Buffer): Objects {
  const source = file.toString('latin1')
  return new Map(
    [...source.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, number, body]) => {
      const start = body!.indexOf('stream\n')
      if (start < 0) return [Number(number), { dictionary: body!, stream: '' }]
      const dictionary = body!.slice(0, start)
      const raw = Buffer.from(
        body!.slice(start + 'stream\n'.length, body!.lastIndexOf('\nendstream')),
        'latin1',
      )
      const stream = dictionary.includes('/FlateDecode') ? inflateSync(raw) : raw
      return [Number(number), { dictionary, stream: stream.toString('utf8') }]
    }),
  )
}
