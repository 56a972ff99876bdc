import { findNoticeOfMail } from '../../db/mail/notice-mail.ts'
import { readableCausale } from '../../domain/causale.ts'
import { noticeNumber } from '../../domain/iuv.ts'
import { cents } from '../../domain/money.ts'
import type { MailText } from '../../templates/emails/mail-text.ts'
import { renderNoticeMail } from '../../templates/emails/notice-mail.ts'
import type { Language } from '../../templates/language.ts'
import { noticeMailLinks } from '../../templates/signed-link.ts'
import type { MailDeps } from './deps.ts'
import type { OutgoingMail } from './mailer.ts'

/**
 * The mail of a notice. The printed notice is not attached but a click away: it names the debtor and his fiscal code, and it is drawn only
 * while the due can be paid.
 */
export async function noticeMail(
  { db, linkKeys, publicUrl }: MailDeps,
  language: Language,
  noticeMailId: string,
): Promise<MailText & Pick<OutgoingMail, 'attachments' | 'headers'>> {
  const { iuv, applicationCode, causale, importoCents, ...notice } = await findNoticeOfMail(db, noticeMailId)
  // The links are valid from the booking of the notice, so that every try composes the same mail.
  const links = noticeMailLinks(linkKeys, { id: noticeMailId, now: notice.createdAt, publicUrl })
  const text = renderNoticeMail({
    ...notice,
    language,
    causale: readableCausale(causale),
    importo: cents(importoCents),
    number: noticeNumber(iuv, applicationCode ?? undefined),
    openUrl: links.open,
    stopUrl: links.page,
  })
  return {
    ...text,
    attachments: [],
    // RFC 8058: the mail program shows a button of its own, which stops the mails of this ente by one POST.
    headers: {
      'List-Unsubscribe': `<${links.stop}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}
