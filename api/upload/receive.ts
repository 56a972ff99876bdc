import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Request, RequestHandler } from 'express'
import multer, { MulterError, type StorageEngine } from 'multer'
import { writeMeasured, type FileStore, type Measured } from '../../services/file-store.ts'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import { createRoom, type Room, type Share } from './room.ts'

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

/** `missing`: what proves the sender has not come; it may stand behind the file. */
export type Standing = 'proven' | 'missing' | 'false'

export interface Receiving {
  maxBytes: number
  /** Asked when the file begins, and again when the form is whole. */
  standing: (req: Request) => Standing
  /** What it means that nothing proves the sender. */
  refusal: ErrorCode
}

/** Files without a known sender, all together, are no more than this many of the biggest. */
const UNPROVEN_FILES = 2

/**
 * Reads a form with one file, straight to the store, in whatever order its parts come. Whose proof is false is not written; whose
 * proof has not come yet is written where there is room for such, and goes again when the form ends without it. The file is in
 * `req.files`, see `receivedOf`; a bigger one than `maxBytes` is not kept.
 */
export function receiveFile(
  files: FileStore,
  { maxBytes, standing, refusal }: Receiving,
): [RequestHandler, RequestHandler] {
  const room = createRoom(maxBytes * UNPROVEN_FILES)
  const upload = multer({
    storage: streamingTo(files, (req) => (standing(req) === 'proven' ? undefined : shareOf(room, req))),
    limits: {
      fileSize: maxBytes,
      files: 1,
      fields: MAX_FIELDS,
      fieldSize: MAX_FIELD_BYTES,
      parts: MAX_FIELDS + 1,
    },
    fileFilter: (req, _file, accept) => {
      if (standing(req) === 'false') accept(new AppError(refusal))
      else accept(null, true)
    },
  }).any()
  const judge: RequestHandler = async (req, _res, next) => {
    if (standing(req) === 'proven') return next()
    const received = receivedOf(req)
    if (received) await files.remove(received.key)
    next(new AppError(refusal))
  }
  return [upload, judge]
}

/** Held until the sender is answered, by when its file is taken or gone. */
function shareOf(room: Room, req: Request): Share {
  const share = room.share()
  req.res!.once('close', () => share.release())
  return share
}

type Stored = Measured & { key: string }

function streamingTo(files: FileStore, shareFor: (req: Request) => Share | undefined): StorageEngine {
  return {
    _handleFile(req, file, done) {
      store(files, file.stream, shareFor(req)).then(
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

async function store(files: FileStore, stream: Readable, share: Share | undefined): Promise<Stored> {
  const key = `uploads/${randomUUID()}.zip`
  try {
    return { key, ...(await writeMeasured(stream, await files.prepare(key), share?.take)) }
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

/** What is wrong with the form itself, as the keys of `flows.problem` name it. */
export function formProblem(error: unknown): 'too_big' | 'two_files' | undefined {
  if (!(error instanceof MulterError)) return undefined
  if (error.code === 'LIMIT_FILE_SIZE') return 'too_big'
  return error.code === 'LIMIT_FILE_COUNT' ? 'two_files' : undefined
}
