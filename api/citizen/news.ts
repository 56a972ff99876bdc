import type { Request } from 'express'
import type { Repriced } from '../../db/due/due.ts'
import { cents, formatEuro } from '../../domain/money.ts'
import type { Texts } from '../../templates/language.ts'
import { trimmedText, type Typed } from '../form/read-request.ts'

/** The sentence about what a link did to the account; it is shown once. Null when there is none. */
export function takeNews(req: Request, t: Texts): string | null {
  const { news } = req.session
  delete req.session.news
  return news ? t(`link.news.${news.key}`, { address: news.address }) : null
}

const AMOUNT = 'importo-'

/** The hidden input with the amount that a page shows beside a due, in cents. */
export const amountInput = (dueId: string, cents: number): { name: string; value: string } => ({
  name: `${AMOUNT}${dueId}`,
  value: String(cents),
})

/**
 * The amounts that a page showed beside these dues, in cents, by id. They come from a browser and decide only what it is told; what cannot
 * be read says nothing.
 */
export function amountsSeen(typed: Typed, dueIds: readonly string[]): ReadonlyMap<string, number> {
  const seen = dueIds.map((id) => [id, trimmedText(typed, `${AMOUNT}${id}`)] as const)
  return new Map(seen.flatMap(([id, text]) => (/^\d{1,12}$/.test(text) ? [[id, Number(text)] as const] : [])))
}

/** More than a cart holds. */
const MOST_REPRICED = 20

const repricedIn = (req: Request): Repriced[] => [req.session.repriced ?? []].flat()

/** Remembers dues that have another amount than their citizen saw. */
export function keepRepriced(req: Request, repriced: readonly Repriced[]): void {
  if (repriced.length === 0) return
  const others = repricedIn(req).filter(({ dueId }) => repriced.every((one) => one.dueId !== dueId))
  req.session.repriced = [...others, ...repriced].slice(-MOST_REPRICED)
}

/** Says which dues among these have another amount than their citizen saw; null when none has. */
export function repricedText(req: Request, t: Texts, dueIds: readonly string[]): string | null {
  const told = repricedIn(req).filter(({ dueId }) => dueIds.includes(dueId))
  if (told.length === 0) return null
  return told
    .map(({ dueTypeName: what, was, is }) =>
      t('link.repriced', { what, was: formatEuro(cents(was)), is: formatEuro(cents(is)) }),
    )
    .join(' ')
}
