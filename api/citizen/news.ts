import type { Request } from 'express'
import type { Texts } from '../../templates/language.ts'

/** What happened to the account since the page before; told once. */
export function takeNews(req: Request, t: Texts): string | null {
  const { news } = req.session
  delete req.session.news
  return news ? t(`link.news.${news.key}`, { address: news.address }) : null
}
