import type { Request } from 'express'
import { cents, formatEuro } from '../../domain/money.ts'
import type { Texts } from '../../templates/language.ts'

/** The sentence about what a link did to the account; it is shown once. Null when there is none. */
export function takeNews(req: Request, t: Texts): string | null {
  const { news } = req.session
  delete req.session.news
  return news ? t(`link.news.${news.key}`, { address: news.address }) : null
}

/** Says which due among these has another amount than its citizen saw when he requested it; null when none has. */
export function repricedText(req: Request, t: Texts, dueIds: readonly string[]): string | null {
  const { repriced } = req.session
  if (!repriced || !dueIds.includes(repriced.dueId)) return null
  const { dueTypeName, was, is } = repriced
  return t('link.repriced', { what: dueTypeName, was: formatEuro(cents(was)), is: formatEuro(cents(is)) })
}
