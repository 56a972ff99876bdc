import JSZip from 'jszip'

/** The date of every file, so that the same files make the same archive. Zip has no earlier day, and JSZip writes days of UTC. */
const EPOCH = new Date(Date.UTC(1980, 0, 1))

/**
 * An archive of small files whose texts are already in memory, by name. It is made as one piece, so it has a length that a browser can show;
 * `archiveOf` is for files that are large or many, because it keeps none of them.
 */
export function smallZip(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const zip = new JSZip()
  for (const [name, text] of Object.entries(files)) zip.file(name, text, { date: EPOCH })
  return zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' })
}
