import type { Response } from 'express'
import { renderPage } from '../../templates/engine.ts'
import { DEFAULT_LANGUAGE, LANGUAGES, textsOf, type Language, type Texts } from '../../templates/language.ts'
import { crumbsOf, type Crumb } from './crumbs.ts'
import { takeDone } from './flash.ts'
import { helpOf } from './help.ts'
import { ownPath } from './own-path.ts'
import { ownerView, type OwnerView } from './owner.ts'

export interface PageView {
  title: string
  /** The pages above this one, the highest first, without the home page. */
  parents?: readonly Crumb[]
  /** The page's name in that path; its title when absent. */
  here?: string
  [value: string]: unknown
}

/** Values that most pages do not set. */
const BASE = { script: null, hasProblems: false, problems: [], isOperator: false, isWide: false }

declare global {
  namespace Express {
    interface Locals {
      /** In `app.locals`: this is a test installation, so every page states that nothing is real. */
      isTest?: boolean
      /** In `app.locals`: the installation has an identity provider. */
      canSignIn?: boolean
      /** In `app.locals`: the public body that runs the installation. */
      owner?: OwnerView
      /** In `res.locals`; undefined when the person has chosen no language. */
      language?: Language | undefined
      /** In `res.locals`: the person in the header of the page; absent when nobody is signed in. */
      user?: { name: string; csrf: string }
      /** In `res.locals`: the page shows what a form with an old token carried. */
      isSentAgain?: boolean
    }
  }
}

/**
 * Sends a page of templates/pages, with the values that all pages share. Caches must not store it, because a page belongs to one person.
 * @param name the file of the page without `.hbs`, such as `citizen/cart`
 */
export function sendPage(res: Response, name: string, view: PageView, status = 200): void {
  const { isTest = false, canSignIn = false, owner = ownerView({}) } = res.app.locals
  const { user = null, isSentAgain = false } = res.locals
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
        // Pages of staff are in Italian only and offer no choice.
        languages: view['isOperator'] === true ? [] : languageLinks(res),
        currentLanguage: NAMES[language],
        owner,
        crumbs: crumbsOf(res.req, view, language),
        done: takeDone(res.req),
        sentAgain: isSentAgain,
        help: helpOf(name, language),
        ...view,
      }),
    )
}

const NAMES: Record<Language, string> = { it: 'Italiano', en: 'English', de: 'Deutsch' }

/** Links to the same page in each language. On the answer to a form they lead to its address, without what was typed. */
function languageLinks(res: Response): object[] {
  const { pathname, searchParams } = new URL(ownPath(res.req.originalUrl), 'http://here')
  return LANGUAGES.map((code) => {
    const query = new URLSearchParams([...searchParams, ['lingua', code]]).toString()
    return { code, name: NAMES[code], href: `${pathname}?${query}`, isCurrent: code === languageOf(res) }
  })
}

/** The language of the answer: the chosen one, or Italian. */
export function languageOf(res: Response): Language {
  return res.locals.language ?? DEFAULT_LANGUAGE
}

/** The texts in the language of the answer. */
export const textsFor = (res: Response): Texts => textsOf(languageOf(res))
