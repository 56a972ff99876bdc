import { isSignatureOf, sign, type KeyRing } from './signature.ts'

/** How long a signed link is valid: on a page for a visit, in a mail as long as people keep mails. */
export const PAGE_LINK_HOURS = 2
export const MAIL_LINK_HOURS = 365 * 24

const HOUR_MS = 3_600_000

export interface Validity {
  /** An instant. */
  now: string
  hours: number
}

/**
 * Adds a signature that proves that we made this link. Until it expires, anybody who has the link may see what the path
 * shows. The host is not part of the signature.
 */
export function signedPath(keys: KeyRing, path: string, { now, hours }: Validity): string {
  const end = Math.ceil((Date.parse(now) + hours * HOUR_MS) / 1000).toString(36)
  return `${path}?scade=${end}&firma=${sign(keys, signedText(path, end))}`
}

/** Addresses about a notice that was sent by mail, under the id of its row in the log. */
export const NOTICE_MAIL_PATH = '/avvisi-email'

/** The links of the mail of a notice: the notice itself, the page that stops such mails, and the address that stops them by one POST. */
export function noticeMailLinks(
  keys: KeyRing,
  { id, now, publicUrl }: { id: string; now: string; publicUrl: string },
): Record<'open' | 'page' | 'stop', string> {
  const signed = (path: string): string =>
    new URL(signedPath(keys, path, { now, hours: MAIL_LINK_HOURS }), publicUrl).href
  const page = `${NOTICE_MAIL_PATH}/${id}`
  return { open: signed(`${page}/apri`), page: signed(page), stop: signed(`${page}/ferma`) }
}

/** A link to a receipt for the person who saw its payment; valid for a visit. */
export const receiptHref = (keys: KeyRing, receiptId: string, instant: string): string =>
  signedPath(keys, `/ricevute/${receiptId}.pdf`, { now: instant, hours: PAGE_LINK_HOURS })

/** A link to the printed notice of a due for the person who saw the due; valid for a visit. */
export const noticeHref = (keys: KeyRing, dueId: string, instant: string): string =>
  signedPath(keys, `/avvisi/${dueId}.pdf`, { now: instant, hours: PAGE_LINK_HOURS })

/**
 * False when the link was changed or has expired.
 * @param query the query parameters of the request
 */
export function isSigned(
  keys: KeyRing,
  path: string,
  { query, now }: { query: Readonly<Record<string, unknown>>; now: string },
): boolean {
  const { scade: end, firma } = query
  if (typeof firma !== 'string' || typeof end !== 'string' || !/^[0-9a-z]{1,10}$/.test(end)) return false
  if (!isSignatureOf(keys, signedText(path, end), firma)) return false
  return Number.parseInt(end, 36) * 1000 > Date.parse(now)
}

const signedText = (path: string, end: string): string => `link ${path} ${end}`
