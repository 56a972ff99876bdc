import type { Request, Response } from 'express'
import type { Values } from '../../templates/language.ts'

/** A message that a page shows once: its key among the messages of that page, and the values in it. */
export interface Flash {
  key: string
  values?: Values
}

declare module 'express-session' {
  interface SessionData {
    /** The message that the page of `path` has not shown yet. */
    flash: Flash & { path: string }
  }
}

/**
 * Redirects to a page that shows a message once. The message travels in the session and not in the address, because anybody can write an
 * address.
 */
export function redirectWith(req: Request, res: Response, href: string, flash: Flash): void {
  req.session.flash = { ...flash, path: new URL(href, 'http://here').pathname }
  res.redirect(303, href)
}

/** The message for this page, or undefined. It is removed from the session, and other pages do not get it. */
export function takeFlash(req: Request): Flash | undefined {
  const { flash } = req.session
  if (flash?.path !== req.path) return undefined
  delete req.session.flash
  return flash
}
