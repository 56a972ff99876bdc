import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

/** An archive with these files; a name that ends with a slash is a folder. */
export async function zipOf(entries: Record<string, Buffer | string>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(entries))
    if (name.endsWith('/')) zip.addEmptyDirectory(name)
    else zip.addBuffer(Buffer.from(content), name)
  zip.end()
  return buffer(zip.outputStream as Readable)
}

/** An upload of an operator: an archive that contains only the file, with the same base name. */
export const flowZip = async (
  base: string,
  csv: Buffer | string,
): Promise<{ name: string; bytes: Buffer }> => ({
  name: `${base}.zip`,
  bytes: await zipOf({ [`${base}.csv`]: csv }),
})
