import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Request, RequestHandler } from 'express'
import multer, { MulterError, type StorageEngine } from 'multer'
import { writeMeasured, type FileStore, type Measured } from '../../db/file-store.ts'

/** An archive as it arrived, in a place of its own until somebody takes it. */
export interface ReceivedFile {
  /** As the sender calls it. */
  name: string
  key: string
  bytes: number
  sha256: Buffer
}

const MAX_FIELDS = 10
const MAX_FIELD_BYTES = 4_096

/**
 * Reads a form with one file, straight to the store. `allowed` is asked when the file begins, after the fields that stand before
 * it: what it refuses is never written. The file is in `req.file`, see `receivedOf`; a bigger one than `maxBytes` is not kept.
 */
export function receiveFile(
  files: FileStore,
  { maxBytes, allowed }: { maxBytes: number; allowed: (req: Request) => Error | undefined },
): RequestHandler {
  const upload = multer({
    storage: streamingTo(files),
    limits: {
      fileSize: maxBytes,
      files: 1,
      fields: MAX_FIELDS,
      fieldSize: MAX_FIELD_BYTES,
      parts: MAX_FIELDS + 1,
    },
    fileFilter: (req, _file, accept) => {
      const refusal = allowed(req)
      if (refusal) accept(refusal)
      else accept(null, true)
    },
  }).any()
  return upload
}

type Stored = Measured & { key: string }

function streamingTo(files: FileStore): StorageEngine {
  return {
    _handleFile(_req, file, done) {
      store(files, file.stream).then(
        (stored) => done(null, stored as unknown as Partial<Express.Multer.File>),
        (error: unknown) => done(error),
      )
    },
    _removeFile(_req, file, done) {
      const { key } = file as unknown as Partial<Stored>
      const removing = key === undefined ? Promise.resolve() : files.remove(key)
      removing.then(() => done(null), done)
    },
  }
}

async function store(files: FileStore, stream: Readable): Promise<Stored> {
  const key = `uploads/${randomUUID()}.zip`
  try {
    return { key, ...(await writeMeasured(stream, await files.prepare(key))) }
  } catch (error) {
    await files.remove(key)
    throw error
  }
}

/** The file of a form that `receiveFile` read, if there was one with a name and bytes. */
export function receivedOf(req: Request): ReceivedFile | undefined {
  const [file] = (req.files ?? []) as unknown as (Stored & { originalname: string })[]
  if (!file || file.originalname === '') return undefined
  return { name: file.originalname, key: file.key, bytes: file.bytes, sha256: file.sha256 }
}

export const isTooBig = (error: unknown): boolean =>
  error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE'
