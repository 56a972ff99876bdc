import type { Request, RequestHandler, Response } from 'express'
import { typedIn, type Typed } from './read-request.ts'

declare module 'express-session' {
  interface SessionData {
    /** What a form carried whose token was no longer valid, until the page of `path` has shown it. */
    kept: { path: string; typed: Typed }
    /** What is being written on the page of `path` and is not saved yet. */
    draft: { path: string; typed: Typed }
  }
}

/** Pages that show again what a form with an old token carried. Each reads it with `takeKept`, and nothing acts upon it. */
const AGAIN = [
  /^\/enti\/[^/]+\/spontaneo\/[^/]+$/,
  /^\/avviso$/,
  /^\/carrello\/versante$/,
  /^\/operatore\/[^/]+\/dovuti\/nuovo$/,
  /^\/admin\/enti\/[^/]+\/dati\/[^/]+$/,
  /^\/admin\/enti\/[^/]+\/tipi\/[^/]+(?:\/modulo)?$/,
]

const SECRETS = new Set(['_csrf', 'conferma', 'azione'])

/** What may be shown again: everything but the token and the button, so that nothing is pressed by itself. */
const shownAgain = (typed: Typed): Typed =>
  Object.fromEntries(Object.entries(typed).filter(([name]) => !SECRETS.has(name)))

/**
 * Keeps what a form with an old token carried, and redirects to its page, which shows it with a new token. Only for a browser that says
 * that the form was ours and that has a session with us, because another site must not fill in our forms.
 * @returns false when the form must simply be refused
 */
export function keepForLater(...[req, res]: Parameters<RequestHandler>): boolean {
  const isOurs = req.get('sec-fetch-site') === 'same-origin' && req.session.startedAt !== undefined
  if (!isOurs || !AGAIN.some((path) => path.test(req.path))) return false
  req.session.kept = { path: req.path, typed: shownAgain(typedIn(req)) }
  res.redirect(303, req.path)
  return true
}

/** What a form of this page carried when its token was no longer valid, once; the page says so. Undefined when nothing is kept. */
export function takeKept(req: Request, res: Response): Typed | undefined {
  const { kept } = req.session
  if (kept?.path !== req.path) return undefined
  delete req.session.kept
  res.locals.isSentAgain = true
  return kept.typed
}

/** Keeps what is being written on this page, so that leaving it, Back and a reload lose nothing. A session keeps one such page. */
export function keepDraft(req: Request, typed: Typed): void {
  const { _csrf: _, ...draft } = typed
  req.session.draft = { path: req.path, typed: draft }
}

export const draftOf = (req: Request): Typed | undefined =>
  req.session.draft?.path === req.path ? req.session.draft.typed : undefined

export function forgetDraft(req: Request): void {
  delete req.session.draft
}
