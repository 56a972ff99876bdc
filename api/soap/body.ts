import { createGunzip } from 'node:zlib'
import type { Request } from 'express'

type Body = { bytes: Uint8Array } | { status: 400 | 413 | 415 }

/**
 * Reads the body of a request, and unpacks it when it is gzip. The unpacked size is limited too, because a small gzip may contain
 * gigabytes.
 * @returns the bytes; or 400 for a broken body, 413 for a body of more than `maxBytes`, 415 for another encoding
 */
export async function readBody(req: Request, maxBytes: number): Promise<Body> {
  const encoding = req.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip') return { status: 415 }
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) return { status: 413 }
  const chunks: Buffer[] = []
  let size = 0
  try {
    const stream: AsyncIterable<Buffer> = encoding === 'gzip' ? req.pipe(createGunzip()) : req
    for await (const chunk of stream) {
      size += chunk.length
      if (size > maxBytes) return { status: 413 }
      chunks.push(chunk)
    }
  } catch {
    return { status: 400 }
  }
  return { bytes: Buffer.concat(chunks) }
}
