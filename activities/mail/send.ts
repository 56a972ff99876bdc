import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import {
  claimMail,
  findPendingMail,
  IN_DOUBT,
  recordAttempt,
  recordFailed,
  recordSent,
  type PendingMail,
} from '../../db/mail/email.ts'
import { AppError } from '../../domain/errors.ts'
import type { SendMailActivities } from '../../workflows/send-mail/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { composeMail } from './compose.ts'
import type { MailDeps } from './deps.ts'

/** After the longest wait between attempts the sweep may look for a claimer that died. */
const SUSPECT_AFTER_MS = 120_000
/** Handed over this often without hearing of it: a third copy would be worse than asking a person. */
export const MOST_IN_DOUBT = 2

interface Attempt {
  mailId: string
  claimer: string
  nextTryIn: number
}

/**
 * Safe to repeat: each handing over is claimed before it happens, a sent mail is not pending any more, and dying
 * between the server's "250" and our record sends the same Message-ID once more, never twice more.
 */
export function createMailActivities(deps: MailDeps): SendMailActivities {
  return {
    sendMail: ({ mailId, claimer, patience }) =>
      keepAlive(async () => {
        const mail = await findPendingMail(deps.db, mailId)
        if (!mail) return 'not_ours'
        return deliver(deps, mail, { mailId, claimer, nextTryIn: patience.max + SUSPECT_AFTER_MS })
      }),
  }
}

async function deliver(
  deps: MailDeps,
  mail: PendingMail,
  attempt: Attempt,
): Promise<'sent' | 'refused' | 'not_ours'> {
  const { db } = deps
  if (mail.inDoubt >= MOST_IN_DOUBT) return failed(db, mail.id, IN_DOUBT)
  let isClaimed = false
  const mayHandOver = async (): Promise<boolean> =>
    (isClaimed = await claimMail(db, { ...attempt, mostInDoubt: MOST_IN_DOUBT }))
  const delivery = await deps.mailer.send(await composeMail(deps, mail), mayHandOver)
  if (delivery.kind === 'not_ours') return 'not_ours'
  const { kind, answer } = delivery
  if (kind === 'refused') return failed(db, mail.id, answer)
  if (kind === 'sent') {
    await insist(() => recordSent(db, mail.id, answer))
    return 'sent'
  }
  await recordAttempt(db, { ...attempt, answer, isClaimed, isKnown: kind === 'later' })
  throw new AppError('MAIL_UNREACHABLE', { answer })
}

async function failed(db: Knex, mailId: string, answer: string): Promise<'refused'> {
  await recordFailed(db, mailId, answer)
  return 'refused'
}

/** Waits between tries, ms. */
const RECORD_AGAIN = [100, 500, 1_000, 2_000, 4_000]

/** The mail has left: a database that is away for a moment must not send it once more. */
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
