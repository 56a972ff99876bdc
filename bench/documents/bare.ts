import PDFDocument from 'pdfkit'
import { bytesOf } from '../../templates/documents/bytes.ts'
import { fontFile } from '../../templates/documents/fonts.ts'
import type { NoticePdfView } from '../../templates/documents/notice-view.ts'
import { textsOf } from '../../templates/language.ts'

const FONTS = ['text', 'bold', 'mono'] as const
const WORDS = [
  'title ente fiscalCode payer howMuch mayChange where online counter bank bankHint single addressee subject cbill',
  'number enteCode postal postalHint account holder type addressee subject number enteCode fiscalCode',
].flatMap((line) => line.split(' '))

/**
 * The control of documents: pdfkit alone, used as its manual says, draws the same number of pages in the same three embedded
 * fonts, with the words of a notice line by line. It draws no barcodes and no tags and fits no text into boxes.
 */
export async function drawBare(view: NoticePdfView): Promise<Buffer> {
  const doc = new PDFDocument({ size: 'A4', margin: 36, autoFirstPage: false, font: '' })
  for (const name of FONTS) doc.registerFont(name, fontFile(name))
  for (const language of ['it', view.secondLanguage] as const)
    if (language !== null) drawPage(doc, view, language)
  return bytesOf(doc)
}

function drawPage(doc: PDFKit.PDFDocument, view: NoticePdfView, language: 'it' | 'en' | 'de'): void {
  const t = textsOf(language)
  const values = { url: view.portalUrl, day: '30/04/2026' }
  const { ente, payer, postal } = view
  const data = [
    view.noticeNumber,
    view.subject,
    ente.name,
    ente.info,
    payer.name,
    payer.address,
    postal?.holder ?? '',
  ]
  doc.addPage()
  const lines = [...WORDS.map((key) => t(`noticepdf.${key}`, values)), ...data, ...data]
  lines.forEach((text, index) =>
    doc
      .font(FONTS[index % 3]!)
      .fontSize(7)
      .text(text, { width: 500 }),
  )
}
