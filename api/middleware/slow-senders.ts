import type { Request, RequestHandler } from 'express'

/** A form must arrive whole within this time, otherwise the connection is closed. */
const FORM_MS = 15_000
/** A file may take longer, but at least so many bytes must arrive within each such time. */
const FILE_BYTES = 16 * 1024
const FILES = /^\/(operatore\/[^/]+\/flussi|mybox\/uploadFlusso|public\/mybox\/uploadFlusso)$/

/**
 * Closes the connection of a slow sender. The time limit of the Node server is the same for all requests, which does not fit both a form
 * and a file of a million rows; that limit still applies to the headers.
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
