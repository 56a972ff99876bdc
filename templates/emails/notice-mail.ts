import { groupNoticeNumber } from '../../domain/iuv.ts'
import { formatDay } from '../../domain/calendar.ts'
import { type Cents, formatEuro } from '../../domain/money.ts'
import type { NoticeMailKind } from '../../domain/notice/mail.ts'
import { oneLine } from '../format.ts'
import { textsOf, type Language } from '../language.ts'
import { mailText, type MailText } from './mail-text.ts'

/** A notice by mail. It does not name the debtor, because the address may be read by others. */
export interface NoticeMailView {
  language: Language
  kind: NoticeMailKind
  enteName: string
  dueTypeName: string
  causale: string
  importo: Cents
  dueOn: string | null
  /** The 18 digits. */
  number: string
  enteEmail: string | null
  entePhone: string | null
  /** The page of the notice. */
  openUrl: string
  /** The page where such mails are stopped. */
  stopUrl: string
}

export function renderNoticeMail({ language, kind, ...view }: NoticeMailView): MailText {
  const t = textsOf(language)
  const ente = oneLine(view.enteName)
  const day = view.dueOn === null ? null : formatDay(view.dueOn)
  const contact = [view.enteEmail, view.entePhone].filter(Boolean).join(', ')
  const facts: [string, string | null][] = [
    ['ente', ente],
    ['dueType', oneLine(view.dueTypeName)],
    ['causale', oneLine(view.causale)],
    ['importo', formatEuro(view.importo)],
    ['dueOn', day],
    ['number', groupNoticeNumber(view.number)],
  ]
  return mailText('notice', t(`mail.notice.subject.${kind}`, { ente, day }), {
    language,
    title: t(`mail.notice.title.${kind}`),
    intro: t(`mail.notice.intro.${kind}`, { ente }),
    facts: facts.flatMap(([key, value]) =>
      value === null ? [] : [{ label: t(`mail.notice.${key}`), value }],
    ),
    openUrl: view.openUrl,
    trust: t('mail.notice.trust', { portal: new URL('/avviso', view.openUrl).href }),
    contact: contact === '' ? null : t('mail.notice.contact', { ente, contact }),
    stopUrl: view.stopUrl,
  })
}
