import type { Request, Response } from 'express'
import { askMailAgain, type AskedMail } from '../../db/mail/again.ts'
import { MAIL_AGAIN, type NotAgain } from '../../domain/mail-again.ts'
import { t } from '../../templates/language.ts'
import { mailSummary } from '../../templates/process-words.ts'
import type { AppDeps } from '../deps.ts'
import { hint } from '../hint.ts'
import { redirectDone, redirectWith } from './flash.ts'

/** The key of the message about a mail that is not sent again; its value says why. */
export const NOT_AGAIN = 'notAgain'

/** Why a mail is not sent again, for staff. */
export const notAgainText = (why: NotAgain): string =>
  t(`staff.mailAgain.${why}`, { most: MAIL_AGAIN.most, minutes: MAIL_AGAIN.pauseMinutes })

/** Asks for a mail with a receipt again and answers with the page from which it was asked, which says what was done or why not. */
export async function sendMailAgain(
  { db, processes, log }: Pick<AppDeps, 'db' | 'processes' | 'log'>,
  { req, res, href }: { req: Request; res: Response; href: string },
  asked: AskedMail,
): Promise<void> {
  const answer = await askMailAgain(db, asked)
  if (answer !== 'asked')
    return redirectWith(req, res, href, { key: NOT_AGAIN, values: { why: notAgainText(answer) } })
  const { mailId } = asked
  await hint(log, { mailId }, () => processes.wakeMail(mailId, { summary: mailSummary('receipt') }))
  redirectDone(req, res, href, 'staff.done.mailAgain')
}
