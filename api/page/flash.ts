import type { Request, Response } from 'express'
import type { Values } from '../../templates/language.ts'

/** What a page is to say once: which of its messages, and what fills it. */
export interface Flash {
  key: string
  values?: Values
}

declare module 'express-session' {
  interface SessionData {
    /** What the page of that path is still to say. */
    flash: Flash & { path: string }
  }
}

/** Leads to a page that says something once. The session carries it, because anybody can type an address. */
export function redirectWith(req: Request, res: Response, href: string, flash: Flash): void {
  req.session.flash = { ...flash, path: new URL(href, 'http://here').pathname }
  res.redirect(303, href)
}

/** What this page was led to say; it is given once, and to no other page. */
export function takeFlash(req: Request): Flash | undefined {
  const { flash } = req.session
  if (flash?.path !== req.path) return undefined
  delete req.session.flash
  return flash
}
