import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import {
  claimMail,
  findPendingMail,
  IN_DOUBT,
  recordAttempt,
  recordFailed,
  recordSent,
  type KnownMail,
  type PendingMail,
} from '../../db/mail/email.ts'
import { dropNotice } from '../../db/mail/notice-mail.ts'
import { AppError } from '../../domain/errors.ts'
import { mailEndWords } from '../../templates/process-words.ts'
import type { MailEnd, SendMailActivities } from '../../workflows/send-mail/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { composeMail } from './compose.ts'
import type { MailDeps } from './deps.ts'

/** Added to the longest pause between tries; after both the sweep takes the process that claimed a mail for dead. */
const SUSPECT_AFTER_MS = 120_000
/** After this many tries without a certain answer the mail fails, because a third copy is worse than the help of a person. */
export const MOST_IN_DOUBT = 2

interface Attempt {
  mailId: string
  claimer: string
  nextTryIn: number
}

/**
 * Safe to repeat: each try is claimed before the bytes are sent, and a sent mail is not pending any more. A process that dies between
 * the server's "250" and our record makes the same Message-ID be sent once more, never twice more.
 */
export function createMailActivities(deps: MailDeps): SendMailActivities {
  return {
    sendMail: ({ mailId, claimer, patience }) =>
      keepAlive(async () => {
        const mail = await findPendingMail(deps.db, mailId)
        const attempt = { mailId, claimer, nextTryIn: patience.max + SUSPECT_AFTER_MS }
        const end = mail ? await deliver(deps, mail, attempt) : 'not_ours'
        return { end, words: { now: mailEndWords(end) } }
      }),
  }
}

async function deliver(deps: MailDeps, mail: PendingMail, attempt: Attempt): Promise<MailEnd> {
  const { db } = deps
  if (mail.inDoubt >= MOST_IN_DOUBT) return failed(db, mail, IN_DOUBT)
  // Asked twice: before anybody is disturbed, and when the server wants the bytes, because a payment may begin in between.
  const isDropped = async (): Promise<boolean> =>
    mail.content.kind === 'notice' && (await dropNotice(db, attempt))
  if (await isDropped()) return 'dropped'
  let refusal: MailEnd = 'not_ours'
  let isClaimed = false
  const mayHandOver = async (): Promise<boolean> => {
    if (await isDropped()) refusal = 'dropped'
    else
      isClaimed = await claimMail(db, { ...attempt, messageId: mail.messageId, mostInDoubt: MOST_IN_DOUBT })
    return isClaimed
  }
  const delivery = await deps.mailer.send(await composeMail(deps, mail), mayHandOver)
  if (delivery.kind === 'not_ours') return refusal
  const { kind, answer } = delivery
  if (kind === 'refused') return failed(db, mail, answer)
  if (kind === 'sent') {
    await insist(() => recordSent(db, mail, answer))
    return 'sent'
  }
  await recordAttempt(db, { ...attempt, answer, isClaimed, isKnown: kind === 'later' })
  throw new AppError('MAIL_UNREACHABLE', { answer })
}

async function failed(db: Knex, mail: KnownMail, answer: string): Promise<'refused'> {
  await recordFailed(db, mail, answer)
  return 'refused'
}

/** Milliseconds between tries to record that a mail was sent. */
const RECORD_AGAIN = [100, 500, 1_000, 2_000, 4_000]

/** Tries to record a sent mail several times, so that a short failure of the database does not make it be sent once more. */
async function insist(record: () => Promise<unknown>): Promise<void> {
  for (const pause of RECORD_AGAIN) {
    try {
      await record()
      return
    } catch {
      await sleep(pause)
    }
  }
  await record()
}
