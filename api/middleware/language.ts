import type { RequestHandler } from 'express'
import { isLanguage } from '../../templates/language.ts'
import { ownPath } from '../page/own-path.ts'

/**
 * Chosen with `?lingua=de` on any page, kept in the session, then out of the address: a page sent to somebody else
 * opens in their language. Italian for who has not chosen.
 */
export const language: RequestHandler = (req, res, next) => {
  const { lingua, ...others } = req.query
  if (req.method === 'GET' && isLanguage(lingua)) {
    req.session.language = lingua
    const query = new URLSearchParams(others as Record<string, string>).toString()
    const path = ownPath(req.path)
    return res.redirect(303, query === '' ? path : `${path}?${query}`)
  }
  res.locals['language'] = isLanguage(req.session.language) ? req.session.language : undefined
  next()
}
