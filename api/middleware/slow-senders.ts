import type { Request, RequestHandler } from 'express'

/** A form arrives whole in this time, or its sender is cut off. */
const FORM_MS = 15_000
/** A file may take long, but it keeps coming: fewer bytes than this in the time above are no file. */
const FILE_BYTES = 16 * 1024
const FILES = /^\/(operatore\/[^/]+\/flussi|mybox\/uploadFlusso|public\/mybox\/uploadFlusso)$/

/**
 * Cuts who sends slowly. The server's own limit is one for all requests, and a file of a million rows is no form; headers are still
 * its business.
 */
export const slowSenders: RequestHandler = (req, res, next) => {
  const isFile = FILES.test(req.path)
  let seen = req.socket.bytesRead
  const timer = setInterval(() => {
    if (req.complete) return clearInterval(timer)
    const now = req.socket.bytesRead
    if (!isFile || now - seen < FILE_BYTES) cut(req)
    seen = now
  }, FORM_MS)
  timer.unref()
  res.once('close', () => clearInterval(timer))
  next()
}

function cut(req: Request): void {
  req.log.info('slow sender cut off')
  req.socket.destroy()
}
