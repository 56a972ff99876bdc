import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { constants, deflateRawSync } from 'node:zlib'
import { ZipFile } from 'yazl'
import type { ArchiveProblem } from '../../api/upload/unpack.ts'
import { zipOf } from './zip.ts'

export interface HostileZip {
  what: string
  problem: ArchiveProblem['kind']
  /** Makes the archive, which should contain one file of this name. */
  make: (name: string) => Promise<Buffer> | Buffer
}

const MEGABYTE = 1024 * 1024

/** Archives whose content is not what their headers or names say. */
export const HOSTILE_ZIPS: readonly HostileZip[] = [
  { what: 'no zip', problem: 'not_zip', make: () => Buffer.from('IUD;codIuv') },
  { what: 'a bomb', problem: 'bomb', make: (name) => zipOf({ [name]: Buffer.alloc(64 * MEGABYTE, 'a') }) },
  { what: 'two gigabytes behind a true header', problem: 'bomb', make: twoGigabytes },
  {
    what: 'a zip in a zip',
    problem: 'nested_archive',
    make: async (name) => zipOf({ [name.replace(/csv$/, 'zip')]: await zipOf({ [name]: 'x' }) }),
  },
  {
    what: 'a folder above',
    problem: 'leaves_folder',
    make: (name) => renamed(name, (same) => `../${same.slice(3)}`),
  },
  {
    what: 'an absolute name',
    problem: 'absolute_path',
    make: (name) => renamed(name, (same) => `/${same.slice(1)}`),
  },
  {
    what: 'ten thousand and one entries',
    problem: 'too_many_entries',
    make: () => zipOf(Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`${n}.csv`, 'x']))),
  },
  {
    what: 'a size that lies low',
    problem: 'broken',
    make: (name) =>
      tampered(name, (zip) =>
        inEveryHeader(zip, (at, isCentral) => zip.writeUInt32LE(5, at + (isCentral ? 24 : 22))),
      ),
  },
  {
    what: 'an encrypted file',
    problem: 'encrypted',
    make: (name) =>
      tampered(name, (zip) =>
        inEveryHeader(zip, (at, isCentral) => {
          const flags = at + (isCentral ? 8 : 6)
          zip.writeUInt16LE(zip.readUInt16LE(flags) | 1, flags)
        }),
      ),
  },
  {
    what: 'a cut end',
    problem: 'not_zip',
    make: async (name) => (await tampered(name, () => undefined)).subarray(0, -30),
  },
  { what: 'a link', problem: 'link', make: link },
]

/** An archive with one compressed entry, whose bytes `change` alters. */
export async function tampered(name: string, change: (zip: Buffer) => void): Promise<Buffer> {
  const zip = await zipOf({ [name]: 'IUD;codIuv\n'.repeat(1_000) })
  change(zip)
  return zip
}

export function inEveryHeader(zip: Buffer, write: (at: number, isCentral: boolean) => void): void {
  for (let at = 0; at < zip.length - 4; at++) {
    if (zip.readUInt32LE(at) === 0x04034b50) write(at, false)
    if (zip.readUInt32LE(at) === 0x02014b50) write(at, true)
  }
}

/** An archive whose only entry has another name of the same length. */
export async function renamed(name: string, change: (name: string) => string): Promise<Buffer> {
  const zip = await zipOf({ [name]: 'x' })
  for (let at = zip.indexOf(name); at >= 0; at = zip.indexOf(name, at + 1)) zip.write(change(name), at)
  return zip
}

function link(name: string): Promise<Buffer> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from('/etc/passwd'), name, { mode: 0o120777 })
  zip.end()
  return buffer(zip.outputStream as Readable)
}

/** Two gigabytes of zeros: the same compressed megabyte 2,048 times, with correct sizes in the headers. */
async function twoGigabytes(name: string): Promise<Buffer> {
  const megabyte = deflateRawSync(Buffer.alloc(MEGABYTE), { finishFlush: constants.Z_FULL_FLUSH })
  const packed = Buffer.concat([
    ...Array.from({ length: 2_048 }, () => megabyte),
    deflateRawSync(Buffer.alloc(0)),
  ])
  const zip = await zipOf({ [name]: 'x' })
  const central = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  const bodyAt = 30 + name.length
  inEveryHeader(zip, (at, isCentral) => {
    const of = isCentral ? 2 : 0
    zip.writeUInt16LE(8, at + 8 + of) // deflated
    zip.writeUInt16LE(zip.readUInt16LE(at + 6 + of) & ~8, at + 6 + of) // the sizes are in the header, not behind the data
    zip.writeUInt32LE(packed.length, at + 18 + of)
    zip.writeUInt32LE(2_048 * MEGABYTE, at + 22 + of)
  })
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  zip.writeUInt32LE(bodyAt + packed.length, end + 16)
  return Buffer.concat([zip.subarray(0, bodyAt), packed, zip.subarray(central)])
}
