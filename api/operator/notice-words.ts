import { IN_DOUBT } from '../../db/mail/email.ts'
import type { LoggedNotice } from '../../db/mail/notice-log.ts'
import { formatInstant } from '../../domain/calendar.ts'
import { stateChip, type Chip } from '../../templates/chip.ts'
import { t } from '../../templates/language.ts'
import { maskAddress } from '../access/mask.ts'

export const noticeKind = ({ kind }: Pick<LoggedNotice, 'kind'>): string => t(`dues.mail.kind.${kind}`)

/** How it ended; a mail that the server may have taken without saying so may have arrived. */
const endOf = ({ outcome, answer }: LoggedNotice): LoggedNotice['outcome'] | 'doubt' =>
  outcome === 'failed' && answer === IN_DOUBT ? 'doubt' : outcome

/** A notice that waits for its turn looks like a mail that waits for the mail server. */
export const noticeChip = (notice: LoggedNotice): Chip =>
  stateChip(
    'email',
    notice.outcome === 'waiting' ? 'pending' : notice.outcome,
    t(`dues.mail.outcome.${endOf(notice)}`),
  )

/** Why it was not sent, or what the mail server said; empty when all is well. */
export function noticeReason(notice: LoggedNotice): string {
  const { reason, answer } = notice
  if (reason !== null) return t(`dues.mail.why.${reason}`)
  const end = endOf(notice)
  if (end === 'doubt') return t('dues.mail.noAnswer')
  return end === 'failed' ? t('dues.mail.answer', { answer }) : ''
}

export const noticeAddress = ({ address }: LoggedNotice): string =>
  address === null ? '–' : maskAddress(address)

/** A notice as a line of the history of its due: "Promemoria non inviato: …". */
export function noticeLine(notice: LoggedNotice): { instant: string; at: string; text: string } {
  const text = t(`dues.mail.line.${endOf(notice)}`, {
    what: noticeKind(notice),
    address: noticeAddress(notice),
    why: noticeReason(notice),
  })
  return { instant: notice.at, at: formatInstant(notice.at), text }
}
