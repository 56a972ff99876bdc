import type { Response } from 'express'
import { renderPage } from '../templates/engine.ts'
import { DEFAULT_LANGUAGE, textsOf, type Language, type Texts } from '../templates/language.ts'

export interface PageView {
  title: string
  [value: string]: unknown
}

const BASE = { script: null, hasProblems: false, problems: [] }

/** Renders a page of templates/pages with what every page has. Pages belong to one person: never kept by caches. */
export function sendPage(res: Response, name: string, view: PageView, status = 200): void {
  const isTest = (res.app.locals as { isTest: boolean }).isTest
  res
    .status(status)
    .set('cache-control', 'no-store')
    .type('html')
    .send(renderPage(name, { ...BASE, isTest, language: languageOf(res), ...view }))
}

/** The language that this request is answered in. */
export function languageOf(res: Response): Language {
  return (res.locals as { language?: Language }).language ?? DEFAULT_LANGUAGE
}

/** The words of this request's language. */
export const textsFor = (res: Response): Texts => textsOf(languageOf(res))
