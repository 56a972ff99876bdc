import PDFDocument from 'pdfkit'
import { bytesOf } from './bytes.ts'
import { greyscale } from './grey.ts'
import { t } from '../language.ts'
import { drawable, registerFonts, type FontName } from './fonts.ts'

/**
 * A tagged A4 document that is drawn from top to bottom. Blocks are measured before they are drawn, so that a long
 * value takes more lines and never leaves its column or its page.
 */
export interface Sheet {
  doc: PDFKit.PDFDocument
  root: PDFKit.PDFStructureElement
  /** Top of the next block, in points from the top of the page. */
  y: number
}

export interface SheetOptions {
  title: string
  author: string
  subject: string
  /** The only date in the file, so that the same view gives the same bytes. */
  createdAt: Date
}

/** A label and its value. A pair without a value is not printed. */
export interface Pair {
  label: string
  value: string | null
  mono?: boolean
  /** True when it takes the whole width. */
  wide?: boolean
}

export const PAGE = { width: 595.28, height: 841.89, side: 48, top: 48, bottom: 56 }
const CONTENT_WIDTH = PAGE.width - 2 * PAGE.side
const GUTTER = 20
const COLUMN_WIDTH = (CONTENT_WIDTH - GUTTER) / 2
const COLORS = { ink: '#17324d', label: '#455a70', rule: '#0066cc', line: '#c5c7c9', alarm: '#b3002d' }
const LABEL_SIZE = 7.5
const VALUE_SIZE = 9.5
const ROW_GAP = 3

export function openSheet(options: SheetOptions): Sheet {
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: PAGE.top, bottom: PAGE.bottom, left: PAGE.side, right: PAGE.side },
    pdfVersion: '1.7',
    subset: 'PDF/A-2a',
    tagged: true,
    lang: 'it-IT',
    displayTitle: true,
    bufferPages: true,
    // No initial font, because pdfkit's default is a standard font, which is never embedded.
    font: '',
    info: {
      Title: options.title,
      Author: options.author,
      Subject: options.subject,
      Creator: 'MyPay',
      CreationDate: options.createdAt,
      ModDate: options.createdAt,
    },
  })
  registerFonts(doc)
  const root = doc.struct('Document')
  doc.addStructure(root)
  return { doc, root, y: PAGE.top }
}

/** Adds the footer, and the number of the page, to every page and returns the complete file. */
export async function closeSheet(sheet: Sheet, footer: readonly string[]): Promise<Buffer> {
  const { start, count } = sheet.doc.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    sheet.doc.switchToPage(page)
    const number = t('receiptpdf.page', { page: page + 1, pages: count })
    artifact(sheet, () => footerLine(sheet, [...footer, number].join(' · ')))
  }
  sheet.root.end()
  return bytesOf(sheet.doc)
}

export function paragraph(
  sheet: Sheet,
  text: string,
  style: {
    tag: 'H1' | 'H2' | 'P'
    font: FontName
    size: number
    color?: keyof typeof COLORS
    after?: number
  },
): void {
  const height = heightOf(sheet, text, style.font, style.size, CONTENT_WIDTH)
  // A heading needs room for text after it, so that it is never alone at the foot of a page.
  makeRoom(sheet, style.tag === 'P' ? height : height + 60)
  sheet.root.add(
    sheet.doc.struct(style.tag, {}, () =>
      write(sheet, text, {
        font: style.font,
        size: style.size,
        color: COLORS[style.color ?? 'ink'],
        x: PAGE.side,
        width: CONTENT_WIDTH,
      }),
    ),
  )
  sheet.y += height + (style.after ?? 4)
}

/** Draws a picture at the top right of the page, beside the title. It does not move the next block. */
export function stamp({ doc, root }: Sheet, png: Uint8Array, alt: string): void {
  const size = 48
  root.add(
    doc.struct('Figure', { alt }, () =>
      doc.image(greyscale(png), PAGE.width - PAGE.side - size, PAGE.top - 12, { fit: [size, size] }),
    ),
  )
}

export function heading(sheet: Sheet, text: string): void {
  sheet.y += 6
  paragraph(sheet, text, { tag: 'H2', font: 'bold', size: 11, after: 2 })
  artifact(sheet, () => rule(sheet, COLORS.rule, 1))
  sheet.y += 5
}

export function separator(sheet: Sheet): void {
  artifact(sheet, () => rule(sheet, COLORS.line, 0.5))
  sheet.y += 4
}

/** Draws labels and values in two columns; for screen readers they are a list of "label, value". */
export function pairs(sheet: Sheet, all: readonly Pair[]): void {
  const list = sheet.doc.struct('L')
  sheet.root.add(list)
  for (const row of inRows(all.filter((pair) => pair.value !== null && pair.value !== ''))) {
    const height = Math.max(...row.map((pair) => pairHeight(sheet, pair)))
    makeRoom(sheet, height)
    row.forEach((pair, column) =>
      list.add(pairItem(sheet, pair, PAGE.side + column * (COLUMN_WIDTH + GUTTER))),
    )
    sheet.y += height + ROW_GAP
  }
  list.end()
}

/** Draws something that is not content, so that screen readers skip it. */
function artifact(sheet: Sheet, draw: () => void): void {
  sheet.doc.markContent('Artifact', { type: 'Layout' })
  draw()
  sheet.doc.endMarkedContent()
}

function makeRoom(sheet: Sheet, height: number): void {
  if (sheet.y + height <= PAGE.height - PAGE.bottom) return
  sheet.doc.addPage()
  sheet.y = PAGE.top
}

function inRows(all: readonly Pair[]): Pair[][] {
  const rows: Pair[][] = []
  for (const pair of all) {
    const last = rows.at(-1)
    if (!pair.wide && last?.length === 1 && !last[0]!.wide) last.push(pair)
    else rows.push([pair])
  }
  return rows
}

function pairItem(sheet: Sheet, pair: Pair, x: number): PDFKit.PDFStructureElement {
  const { doc, y } = sheet
  const width = widthOf(pair)
  const labelHeight = heightOf(sheet, pair.label, 'text', LABEL_SIZE, width)
  return doc.struct('LI', {}, [
    doc.struct('Lbl', {}, () =>
      write(sheet, pair.label, { font: 'text', size: LABEL_SIZE, color: COLORS.label, x, width }),
    ),
    doc.struct('LBody', {}, () => {
      write({ ...sheet, y: y + labelHeight }, pair.value!, {
        font: fontOf(pair),
        size: VALUE_SIZE,
        color: COLORS.ink,
        x,
        width,
      })
    }),
  ])
}

function pairHeight(sheet: Sheet, pair: Pair): number {
  const width = widthOf(pair)
  const label = heightOf(sheet, pair.label, 'text', LABEL_SIZE, width)
  return label + heightOf(sheet, pair.value!, fontOf(pair), VALUE_SIZE, width)
}

const widthOf = (pair: Pair) => (pair.wide ? CONTENT_WIDTH : COLUMN_WIDTH)
const fontOf = (pair: Pair): FontName => (pair.mono ? 'mono' : 'text')

function heightOf({ doc }: Sheet, text: string, font: FontName, size: number, width: number): number {
  const drawn = drawable(text, font)
  doc.font(font).fontSize(size)
  return isOneLine(doc, drawn, width) ? doc.currentLineHeight(true) : doc.heightOfString(drawn, { width })
}

/**
 * True for nearly every value. Drawing on one line avoids the search for line breaks, which costs more than the
 * drawing.
 */
function isOneLine(doc: PDFKit.PDFDocument, drawn: string, width: number): boolean {
  return !drawn.includes('\n') && doc.widthOfString(drawn) <= width
}

interface Ink {
  font: FontName
  size: number
  color: string
  x: number
  width: number
}

function write({ doc, y }: Sheet, text: string, { font, size, color, x, width }: Ink): void {
  const drawn = drawable(text, font)
  doc.font(font).fontSize(size).fillColor(color)
  doc.text(drawn, x, y, isOneLine(doc, drawn, width) ? { lineBreak: false } : { width })
}

function rule({ doc, y }: Sheet, color: string, thickness: number): void {
  doc
    .moveTo(PAGE.side, y)
    .lineTo(PAGE.width - PAGE.side, y)
    .lineWidth(thickness)
    .strokeColor(color)
    .stroke()
}

function footerLine(sheet: Sheet, text: string): void {
  // The footer is below the bottom margin, where pdfkit would otherwise start a new page.
  sheet.doc.page.margins.bottom = 0
  const ink: Ink = { font: 'text', size: 7.5, color: COLORS.label, x: PAGE.side, width: CONTENT_WIDTH }
  write({ ...sheet, y: PAGE.height - PAGE.bottom + 12 }, text, ink)
}
