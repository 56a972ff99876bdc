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
 * What the same paper costs when pdfkit alone draws it, used as its manual says: as many pages in the same three embedded
 * fonts with the words of a notice under one another. No codes, no tags, nothing made to fit.
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
