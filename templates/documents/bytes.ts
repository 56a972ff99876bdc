/** The complete file. Call it when everything is drawn, because it ends the document. */
export async function bytesOf(doc: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = []
  const ended = new Promise((resolve, reject) => doc.on('end', resolve).on('error', reject))
  doc.on('data', (chunk: Buffer) => chunks.push(chunk))
  doc.end()
  await ended
  return Buffer.concat(chunks)
}
