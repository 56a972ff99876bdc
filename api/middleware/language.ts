import type { RequestHandler } from 'express'
import { isLanguage } from '../../templates/language.ts'
import { ownPath } from '../page/own-path.ts'

/**
 * Sets the language of the answer. A person chooses it with `?lingua=de` on any page; the session keeps it, and a redirect removes it from
 * the address, so that the address opens in the language of the next person. The default is Italian.
 */
export const language: RequestHandler = (req, res, next) => {
  const { lingua } = req.query
  if (req.method === 'GET' && isLanguage(lingua)) {
    req.session.language = lingua
    const { pathname, searchParams } = new URL(ownPath(req.originalUrl), 'http://here')
    searchParams.delete('lingua')
    return res.redirect(303, searchParams.size === 0 ? pathname : `${pathname}?${searchParams.toString()}`)
  }
  res.locals.language = isLanguage(req.session.language) ? req.session.language : undefined
  next()
}
