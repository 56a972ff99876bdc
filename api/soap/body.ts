import { createGunzip } from 'node:zlib'
import type { Request } from 'express'

type Body = { bytes: Uint8Array } | { status: 400 | 413 | 415 }

/** The bytes as they were sent, unpacked with a bound: a small gzip may hold gigabytes. */
export async function readBody(req: Request, maxBytes: number): Promise<Body> {
  const encoding = req.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') return { status: 415 }
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return { status: 413 }
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of encoding === 'gzip' ? req.pipe(createGunzip()) : req) {
      size += (chunk as Buffer).length
      if (size > maxBytes) return { status: 413 }
      chunks.push(chunk as Buffer)
    }
  } catch {
    return { status: 400 }
  }
  return { bytes: Buffer.concat(chunks) }
}
