import type { Request } from 'express'
import { textsOf, type Language } from '../../templates/language.ts'
import { ownPath } from './own-path.ts'

/** A step of the path that stands above a page. */
export interface Crumb {
  text: string
  href: string
}

interface Placed {
  title: string
  here?: string
  isOperator?: boolean
  parents?: readonly Crumb[]
}

/**
 * The path from the home page to this one; null on a home page. Staff start at their own area and not at the portal of citizens. A parent
 * that is the page itself is left out, so that a list and the pages below it can name the same parents.
 */
export function crumbsOf(
  req: Request,
  { title, here = title, isOperator = false, parents = [] }: Placed,
  language: Language,
): { above: readonly Crumb[]; here: string } | null {
  const { pathname } = new URL(ownPath(req.originalUrl), 'http://here')
  const home = isOperator ? [] : [{ text: textsOf(language)('common.home'), href: '/' }]
  const above = [...home, ...parents].filter(({ href }) => href !== pathname)
  return above.length === 0 || pathname === '/' ? null : { above, here }
}
