import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'

/** Sends a download that is made while it is read. A browser that goes away in between is no error of ours, and is told to the log alone. */
export const sendStream = (req: Request, res: Response, file: Readable): Promise<void> =>
  pipeline(file, res).catch((error: unknown) => req.log.info({ err: error }, 'download not read to its end'))
