import type { ClaimedMail } from '../../db/email.ts'
import type { OutgoingMail } from './mailer.ts'
import type { MailDeps } from './send.ts'

export async function composeMail(_deps: MailDeps, mail: ClaimedMail): Promise<OutgoingMail> {
  return { to: mail.address, messageId: mail.messageId, subject: '', text: '', html: '', attachments: [] }
}
