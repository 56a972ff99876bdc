import PDFDocument from 'pdfkit'
import { formatDay } from '../../domain/calendar.ts'
import { groupNoticeNumber } from '../../domain/iuv.ts'
import { formatEuro } from '../../domain/money.ts'
import { dataMatrixText, qrText } from '../../domain/notice/barcodes.ts'
import { printedCode } from '../../domain/person.ts'
import { oneLine } from '../format.ts'
import { textsOf, type Language, type Texts } from '../language.ts'
import { bytesOf } from './bytes.ts'
import { dataMatrixModules, drawModules, qrModules, type Modules } from './barcodes.ts'
import { greyscale } from './grey.ts'
import { drawable, registerFonts, type FontName } from './fonts.ts'
import type { NoticePdfView } from './notice-view.ts'

const A4 = { width: 595.28, height: 841.89 }
const LEFT = 36
const RIGHT = A4.width - LEFT
const HALF = 252
const COLUMN = RIGHT - HALF
const INK = '#17324d'
const QR_WIDTH = 82

/** What every drawing function needs. */
interface Pen {
  doc: PDFKit.PDFDocument
  root: PDFKit.PDFStructureElement
  t: Texts
}

interface Codes {
  qr: Modules
  matrix: Modules | null
}

/**
 * The notice as a tagged PDF/A: one page, and a second one in the ente's other language. The same view gives the same
 * file. Source: docs/field/payments.md#printed-notice.
 */
export async function renderNoticePdf(view: NoticePdfView): Promise<Buffer> {
  const doc = openDocument(view)
  const root = doc.struct('Document')
  doc.addStructure(root)
  const codes = codesOf(view)
  const languages: Language[] = ['it', ...(view.secondLanguage === null ? [] : [view.secondLanguage])]
  for (const language of languages) {
    doc.addPage()
    drawPage({ doc, root, t: textsOf(language) }, view, codes)
  }
  root.end()
  return bytesOf(doc)
}

function openDocument(view: NoticePdfView): PDFKit.PDFDocument {
  const createdAt = new Date(view.printedAt)
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    pdfVersion: '1.7',
    subset: 'PDF/A-2a',
    tagged: true,
    lang: 'it-IT',
    displayTitle: true,
    autoFirstPage: false,
    font: '',
    info: {
      Title: `${textsOf('it')('noticepdf.title')} ${view.noticeNumber}`,
      Author: oneLine(view.ente.name),
      Subject: oneLine(view.subject),
      Creator: 'MyPay',
      CreationDate: createdAt,
      ModDate: createdAt,
    },
  })
  registerFonts(doc)
  return doc
}

function codesOf(view: NoticePdfView): Codes {
  const numbers = { noticeNumber: view.noticeNumber, domain: view.ente.codiceFiscale, importo: view.importo }
  const { postal, payer, subject } = view
  return {
    qr: qrModules(qrText(numbers)),
    matrix: postal && dataMatrixModules(dataMatrixText({ ...numbers, conto: postal.conto, payer, subject })),
  }
}

function drawPage(pen: Pen, view: NoticePdfView, codes: Codes): void {
  drawHead(pen, view)
  drawParties(pen, view)
  drawTerms(pen, view)
  drawBankSection(pen, view, codes.qr)
  if (view.postal && codes.matrix) drawPostalSection(pen, view, codes.matrix)
}

function drawHead(pen: Pen, { ente, subject, isTest }: NoticePdfView): void {
  const { doc, t } = pen
  if (ente.logo) figure(pen, ente.name, () => doc.image(greyscale(ente.logo!), LEFT, 30, { fit: [48, 48] }))
  write(pen, 'H1', t('noticepdf.title'), { x: 96, y: 30, width: 340, height: 26, font: 'bold', size: 20 })
  write(pen, 'P', 'pagoPA', {
    x: 460,
    y: 30,
    width: RIGHT - 460,
    height: 26,
    font: 'bold',
    size: 20,
    align: 'right',
  })
  write(pen, 'P', cut(subject, 90), { x: 96, y: 58, width: RIGHT - 96, height: 26, font: 'bold', size: 11 })
  if (isTest)
    write(pen, 'P', t('noticepdf.test'), {
      x: LEFT,
      y: 88,
      width: RIGHT - LEFT,
      height: 14,
      font: 'bold',
      size: 10,
    })
  line(pen, 106)
}

function drawParties(pen: Pen, { ente, payer }: NoticePdfView): void {
  const { t } = pen
  stack(pen, { x: LEFT, y: 114, width: HALF - LEFT - 12 }, [
    { tag: 'H2', text: t('noticepdf.ente'), size: 8, height: 11 },
    { text: cut(ente.name, 100), font: 'bold', size: 11, height: 28 },
    { text: `${t('noticepdf.fiscalCode')} ${ente.codiceFiscale}`, size: 9, height: 12 },
    { text: cut(ente.settore ?? '', 50), size: 9, height: 22 },
    { text: cut(ente.info, 100), size: 8, height: 33 },
  ])
  stack(pen, { x: HALF, y: 114, width: COLUMN }, [
    { tag: 'H2', text: t('noticepdf.payer'), size: 8, height: 11 },
    { text: cut(payer.name, 70), font: 'bold', size: 11, height: 28 },
    {
      text: fiscalCodeText(t, payer.codice),
      size: 9,
      height: 12,
    },
    { text: cut(payer.address, 140), size: 9, height: 36 },
  ])
  line(pen, 230)
}

function drawTerms(pen: Pen, view: NoticePdfView): void {
  const { t } = pen
  const due = view.dueOn === null ? '' : t('noticepdf.dueOn', { day: formatDay(view.dueOn) })
  stack(pen, { x: LEFT, y: 240, width: HALF - LEFT - 12 }, [
    { tag: 'H2', text: t('noticepdf.howMuch'), font: 'bold', size: 12, height: 20 },
    { text: amountText(view), font: 'bold', size: 18, height: 26 },
    { text: due, font: 'bold', size: 11, height: 18 },
    { text: t('noticepdf.mayChange'), size: 8, height: 72 },
  ])
  stack(pen, { x: HALF, y: 240, width: COLUMN }, [
    { tag: 'H2', text: t('noticepdf.where'), font: 'bold', size: 12, height: 20 },
    { text: t('noticepdf.online', { url: cut(view.portalUrl, 80) }), size: 9, height: 52 },
    { text: t('noticepdf.counter'), size: 9, height: 52 },
  ])
  line(pen, 384)
}

function drawBankSection(pen: Pen, view: NoticePdfView, qr: Modules): void {
  const { doc, t } = pen
  const top = 394
  stack(pen, { x: LEFT, y: top, width: RIGHT - LEFT }, [
    { tag: 'H2', text: t('noticepdf.bank'), font: 'bold', size: 12, height: 18 },
    { text: t('noticepdf.bankHint'), size: 8, height: 24 },
  ])
  figure(pen, `QR ${view.noticeNumber}`, () =>
    drawModules(doc, qr, { x: LEFT, y: top + 52, width: QR_WIDTH }),
  )
  const middle = LEFT + QR_WIDTH + 24
  stack(pen, { x: middle, y: top + 50, width: 200 }, [
    { text: t('noticepdf.single'), font: 'bold', size: 9, height: 13 },
    ...labelled(t('noticepdf.addressee'), cut(view.payer.name, 70), 24),
    ...labelled(t('noticepdf.ente'), cut(view.ente.name, 50), 24),
    ...labelled(t('noticepdf.subject'), cut(view.subject, 90), 36),
  ])
  stack(pen, { x: 360, y: top + 50, width: RIGHT - 360 }, [
    { text: amountText(view), font: 'bold', size: 12, height: 18 },
    {
      text: view.dueOn === null ? '' : t('noticepdf.dueOn', { day: formatDay(view.dueOn) }),
      size: 9,
      height: 13,
    },
    ...labelled(t('noticepdf.cbill'), view.ente.cbill ?? '-', 13),
    ...labelled(t('noticepdf.number'), groupNoticeNumber(view.noticeNumber), 13, 'mono'),
    ...labelled(t('noticepdf.enteCode'), view.ente.codiceFiscale, 13, 'mono'),
  ])
}

function drawPostalSection(pen: Pen, view: NoticePdfView, matrix: Modules): void {
  const { doc, t } = pen
  const { conto, holder, authorization } = view.postal!
  const top = 606
  line(pen, top - 10)
  stack(pen, { x: LEFT, y: top, width: RIGHT - LEFT }, [
    { tag: 'H2', text: t('noticepdf.postal'), font: 'bold', size: 12, height: 18 },
    { text: t('noticepdf.postalHint'), size: 8, height: 24 },
  ])
  stack(pen, { x: LEFT, y: top + 50, width: 180 }, [
    ...labelled(t('noticepdf.account'), conto, 13, 'mono'),
    ...labelled(t('noticepdf.holder'), cut(holder, 50), 24),
    ...labelled(t('noticepdf.addressee'), cut(view.payer.name, 70), 24),
    ...authorizationLines(authorization).map((text) => ({ text, size: 7, height: 10 })),
  ])
  stack(pen, { x: LEFT + 196, y: top + 50, width: 180 }, [
    { text: amountText(view), font: 'bold', size: 12, height: 18 },
    ...labelled(t('noticepdf.number'), groupNoticeNumber(view.noticeNumber), 13, 'mono'),
    ...labelled(t('noticepdf.type'), 'P1', 13),
    ...labelled(t('noticepdf.enteCode'), view.ente.codiceFiscale, 13, 'mono'),
    ...labelled(t('noticepdf.subject'), cut(view.subject, 90), 36),
  ])
  figure(pen, `Data Matrix ${view.noticeNumber}`, () =>
    drawModules(doc, matrix, { x: RIGHT - 130, y: top + 50, width: 130 }),
  )
}

/** Splits "AUT. … DEL …" into two lines. */
const authorizationLines = (text: string): string[] => {
  const at = text.indexOf('DEL')
  return [text.slice(0, at).trim(), text.slice(at)]
}

const amountText = ({ importo }: NoticePdfView): string => `${formatEuro(importo).replace(' €', '')} Euro`

function fiscalCodeText(t: Texts, codice: string): string {
  const printed = printedCode(codice)
  return printed === null ? '' : `${t('noticepdf.fiscalCode')} ${printed.toUpperCase().slice(0, 16)}`
}

/** Shortens a text that is longer than the field allows and ends it with dots. */
function cut(text: string, length: number): string {
  const line = oneLine(text)
  return line.length > length ? `${line.slice(0, length - 1)}…` : line
}

interface Block {
  text: string
  tag?: 'H2' | 'P'
  font?: FontName
  size: number
  /** Maximum height in points. A longer text gets smaller letters. */
  height: number
}

const labelled = (label: string, text: string, height: number, font: FontName = 'bold'): Block[] => [
  { text: label, size: 7, height: 10 },
  { text, font, size: 9, height },
]

/** Draws blocks under one another, each in its own box. */
function stack(pen: Pen, at: { x: number; y: number; width: number }, blocks: readonly Block[]): void {
  let { y } = at
  for (const { text, tag = 'P', font = 'text', size, height } of blocks) {
    if (text !== '') write(pen, tag, text, { x: at.x, y, width: at.width, height, font, size })
    y += text === '' ? 0 : height
  }
}

interface Box {
  x: number
  y: number
  width: number
  height: number
  font: FontName
  size: number
  align?: 'left' | 'right'
}

const SMALLEST = 4

/** Writes a text into its box. Letters shrink until it fits, so that no allowed value overlaps its neighbour. */
function write({ doc, root }: Pen, tag: 'H1' | 'H2' | 'P', text: string, box: Box): void {
  const { x, y, width, height, font, align = 'left' } = box
  const drawn = drawable(text, font)
  doc.font(font)
  let { size } = box
  const fits = (): boolean => {
    doc.fontSize(size)
    return doc.widthOfString(drawn) <= width || doc.heightOfString(drawn, { width }) <= height
  }
  while (size > SMALLEST && !fits()) size -= 0.5
  const isLine = doc.widthOfString(drawn) <= width
  root.add(
    doc.struct(tag, {}, () => {
      doc.fillColor(INK)
      const offset = align === 'right' && isLine ? width - doc.widthOfString(drawn) : 0
      doc.text(drawn, x + offset, y, isLine ? { lineBreak: false } : { width, height: height + 1 })
    }),
  )
}

function figure({ doc, root }: Pen, alt: string, draw: () => void): void {
  root.add(doc.struct('Figure', { alt: oneLine(alt) }, draw))
}

function line({ doc }: Pen, y: number): void {
  doc.markContent('Artifact', { type: 'Layout' })
  doc.moveTo(LEFT, y).lineTo(RIGHT, y).lineWidth(0.75).strokeColor(INK).stroke()
  doc.endMarkedContent()
}
