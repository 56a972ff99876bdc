import type { Request, Response } from 'express'
import { t, type Values } from '../../templates/language.ts'

/** A message that a page shows once: its key among the messages of that page, and the values in it. */
export interface Flash {
  key: string
  values?: Values
}

declare module 'express-session' {
  interface SessionData {
    /** The message that the page of `path` has not shown yet. */
    flash: Flash & { path: string }
    /** What was done, for the banner of the next page; its key is a whole key of the language files. */
    done: Flash & { path: string }
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

/**
 * Redirects after something was done, to a page whose banner says so once.
 * @param key the whole key of the sentence: "staff.done.saved"
 */
export function redirectDone(
  req: Request,
  res: Response,
  href: string,
  key: string,
  values: Values = {},
): void {
  req.session.done = { key, values, path: new URL(href, 'http://here').pathname }
  res.redirect(303, href)
}

/** The sentence for the banner of this page, once; null when nothing was done. The session is absent where a page has none. */
export function takeDone(req: Request): string | null {
  const session = req.session as Request['session'] | undefined
  const done = session?.done
  if (done?.path !== req.path) return null
  delete session!.done
  return t(done.key, done.values ?? {})
}
