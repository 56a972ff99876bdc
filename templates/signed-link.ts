import { createHmac, timingSafeEqual } from 'node:crypto'

/** How long a link opens what it shows: on a page until the visit is over, in a mail as long as people keep mails. */
export const PAGE_LINK_HOURS = 2
export const MAIL_LINK_HOURS = 365 * 24

const HOUR_MS = 3_600_000

export interface Validity {
  /** An instant. */
  now: string
  hours: number
}

/** Adds the proof that we made this link: until it ends, who holds it may see what the path shows. The host is not part of it. */
export function signedPath(secret: string, path: string, { now, hours }: Validity): string {
  const end = Math.ceil((Date.parse(now) + hours * HOUR_MS) / 1000).toString(36)
  return `${path}?scade=${end}&firma=${signature(secret, path, end)}`
}

/** A receipt, for who was shown its payment; good as long as a visit. */
export const receiptHref = (secret: string, rtId: string, instant: string): string =>
  signedPath(secret, `/ricevute/${rtId}.pdf`, { now: instant, hours: PAGE_LINK_HOURS })

/** The printed notice of a due, for who was shown the due; good as long as a visit. */
export const noticeHref = (secret: string, dovutoId: string, instant: string): string =>
  signedPath(secret, `/avvisi/${dovutoId}.pdf`, { now: instant, hours: PAGE_LINK_HOURS })

/** @param query of the request: what somebody else changed or kept too long proves nothing */
export function isSigned(
  secret: string,
  path: string,
  { query, now }: { query: Readonly<Record<string, unknown>>; now: string },
): boolean {
  const { scade: end, firma } = query
  if (typeof firma !== 'string' || typeof end !== 'string' || !/^[0-9a-z]{1,10}$/.test(end)) return false
  const expected = Buffer.from(signature(secret, path, end))
  const actual = Buffer.from(firma)
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return false
  return Number.parseInt(end, 36) * 1000 > Date.parse(now)
}

function signature(secret: string, path: string, end: string): string {
  return createHmac('sha256', secret).update(`link ${path} ${end}`).digest('base64url')
}
