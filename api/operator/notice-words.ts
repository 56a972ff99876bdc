import type { LoggedNotice } from '../../db/mail/notice-log.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { stateChip, type Chip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'
import { maskAddress } from '../access/mask.ts'

export const noticeKind = ({ kind }: Pick<LoggedNotice, 'kind'>): string => t(`dues.mail.kind.${kind}`)

/** A notice that waits for its turn looks like a mail that waits for the mail server. */
export const noticeChip = ({ outcome }: LoggedNotice): Chip =>
  stateChip('email', outcome === 'waiting' ? 'pending' : outcome, t(`dues.mail.outcome.${outcome}`))

/** Why it was not sent, or what the mail server said; empty when all is well. */
export function noticeReason({ outcome, reason, answer }: LoggedNotice): string {
  if (reason !== null) return t(`dues.mail.why.${reason}`)
  return outcome === 'failed' ? t('dues.mail.answer', { answer }) : ''
}

export const noticeAddress = ({ address }: LoggedNotice): string =>
  address === null ? '–' : maskAddress(address)

/** A notice as a line of the history of its due: "Promemoria non inviato: …". */
export function noticeLine(notice: LoggedNotice): { instant: string; at: string; text: string } {
  const text = t(`dues.mail.line.${notice.outcome}`, {
    what: noticeKind(notice),
    address: noticeAddress(notice),
    why: noticeReason(notice),
  })
  return { instant: notice.at, at: formatInstant(notice.at), text }
}
