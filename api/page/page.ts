import type { Response } from 'express'
import { renderPage } from '../../templates/engine.ts'
import { DEFAULT_LANGUAGE, LANGUAGES, textsOf, type Language, type Texts } from '../../templates/language.ts'
import { ownPath } from './own-path.ts'

export interface PageView {
  title: string
  [value: string]: unknown
}

const BASE = { script: null, hasProblems: false, problems: [], isOperator: false }

/** Set by middleware for every page of a request. */
interface Shared {
  language?: Language
  user?: { name: string; csrf: string }
}

/** Renders a page of templates/pages with what every page has. Pages belong to one person: never kept by caches. */
export function sendPage(res: Response, name: string, view: PageView, status = 200): void {
  const { isTest, canSignIn } = res.app.locals as { isTest: boolean; canSignIn: boolean }
  const user = (res.locals as Shared).user ?? null
  const language = languageOf(res)
  res
    .status(status)
    .set('cache-control', 'no-store')
    .type('html')
    .send(
      renderPage(name, {
        ...BASE,
        isTest,
        canSignIn,
        user,
        language,
        languages: languageLinks(res),
        ...view,
      }),
    )
}

const NAMES: Record<Language, string> = { it: 'Italiano', en: 'English', de: 'Deutsch' }

/** The same page in each language; what a form was answered with is reached by its address alone. */
function languageLinks(res: Response): object[] {
  const { pathname, searchParams } = new URL(ownPath(res.req.originalUrl), 'http://here')
  return LANGUAGES.map((code) => {
    const query = new URLSearchParams([...searchParams, ['lingua', code]]).toString()
    return { code, name: NAMES[code], href: `${pathname}?${query}`, isCurrent: code === languageOf(res) }
  })
}

/** The language that this request is answered in. */
export function languageOf(res: Response): Language {
  return (res.locals as Shared).language ?? DEFAULT_LANGUAGE
}

/** The words of this request's language. */
export const textsFor = (res: Response): Texts => textsOf(languageOf(res))
