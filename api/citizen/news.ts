import type { Request } from 'express'
import type { Texts } from '../../templates/language.ts'

/** The sentence about what a link did to the account; it is shown once. Null when there is none. */
export function takeNews(req: Request, t: Texts): string | null {
  const { news } = req.session
  delete req.session.news
  return news ? t(`link.news.${news.key}`, { address: news.address }) : null
}
