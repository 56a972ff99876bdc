import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Request, RequestHandler } from 'express'
import multer, { MulterError, type StorageEngine } from 'multer'
import { writeMeasured, type FileStore, type Measured } from '../../services/file-store.ts'
import { AppError, type ErrorCode } from '../../domain/errors.ts'
import { hasCsrf, isFromOurForm } from '../middleware/csrf.ts'
import { createRoom, type Room, type Share } from './room.ts'

/** An archive that has arrived in the store, under a temporary key until a flow takes it. */
export interface ReceivedFile {
  /** The file name that the sender gave. */
  name: string
  key: string
  bytes: number
  sha256: Buffer
}

const MAX_FIELDS = 10
const MAX_FIELD_BYTES = 4_096

/** Whether the sender has proved who it is. `missing`: the proof has not arrived yet; it may come after the file. */
export type Standing = 'proven' | 'missing' | 'false'

export interface Receiving {
  maxBytes: number
  /** Called when the file begins, and again when the whole form has arrived. */
  standing: (req: Request) => Standing
  /** The error for a sender without a valid proof. */
  refusal: ErrorCode
}

/** The proof of a form of ours: its CSRF token. */
export const FROM_OUR_FORM: Pick<Receiving, 'standing' | 'refusal'> = {
  standing(req) {
    if (isFromOurForm(req)) return 'proven'
    return hasCsrf(req) ? 'false' : 'missing'
  },
  refusal: 'CSRF_INVALID',
}

/** All files from unproven senders together may be as large as this many files of the largest size. */
const UNPROVEN_FILES = 2

/**
 * Reads a form with one file and writes the file directly to the store, in whatever order the parts arrive. With a false proof nothing is
 * written. A file whose proof has not arrived yet is written while there is room for such files, and removed when the form ends without a
 * valid proof. A file of more than `maxBytes` is refused. `receivedOf` then gives the file.
 * @throws `refusal` without a valid proof, TOO_MANY_REQUESTS when there is no room for unproven files, MulterError for a wrong form
 */
export function receiveFile(
  files: FileStore,
  { maxBytes, standing, refusal }: Receiving,
): [RequestHandler, RequestHandler] {
  const room = createRoom(maxBytes * UNPROVEN_FILES)
  const upload = multer({
    // Browsers send names in UTF-8; by default multer reads "è" as two letters.
    defParamCharset: 'utf8',
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

/**
 * The share of an upload in the room for unproven files. It is released when the answer is over, because by then the file is taken or
 * removed.
 */
function shareOf(room: Room, req: Request): Share {
  const share = room.share()
  req.res!.once('close', () => share.release())
  return share
}

type Stored = Measured & { key: string }

declare global {
  namespace Express {
    namespace Multer {
      /** The values that our storage engine adds to a file; other engines do not. */
      interface File extends Partial<Stored> {}
    }
  }
}

function streamingTo(files: FileStore, shareFor: (req: Request) => Share | undefined): StorageEngine {
  return {
    _handleFile(req, file, done) {
      store(files, file.stream, shareFor(req)).then(
        (stored) => done(null, stored),
        (error: unknown) => done(error),
      )
    },
    _removeFile(_req, { key }, done) {
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

/** The file of a form that `receiveFile` has read; undefined when there was none or it had no name. */
export function receivedOf(req: Request): ReceivedFile | undefined {
  const file = Array.isArray(req.files) ? req.files[0] : undefined
  if (!file || file.originalname === '') return undefined
  const { originalname: name, key, bytes, sha256 } = file
  return key === undefined || bytes === undefined || sha256 === undefined
    ? undefined
    : { name, key, bytes, sha256 }
}

/** What is wrong with the form itself, as a key of `flows.problem`; undefined for any other error. */
export function formProblem(error: unknown): 'too_big' | 'two_files' | undefined {
  if (!(error instanceof MulterError)) return undefined
  if (error.code === 'LIMIT_FILE_SIZE') return 'too_big'
  return error.code === 'LIMIT_FILE_COUNT' ? 'two_files' : undefined
}
