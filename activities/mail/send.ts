import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import { claimMail, recordAttempt, recordRefused, recordSent, type ClaimedMail } from '../../db/email.ts'
import { AppError } from '../../domain/errors.ts'
import type { SendMailActivities } from '../../workflows/send-mail/contract.ts'
import { keepAlive } from '../heartbeat.ts'
import { composeMail } from './compose.ts'
import type { Mailer } from './mailer.ts'

export interface MailDeps {
  db: Knex
  mailer: Mailer
  publicUrl: string
  secret: string
  isTest: boolean
}

/** After the longest wait between attempts the sweep may look for a claimer that died. */
const SUSPECT_AFTER_MS = 120_000

/**
 * Safe to repeat: the claim is its claimer's own, a sent mail is not pending any more, and dying between the server's
 * "250" and our record sends the same Message-ID a second time.
 */
export function createMailActivities(deps: MailDeps): SendMailActivities {
  return {
    sendMail: ({ mailId, claimer, patience }) =>
      keepAlive(async () => {
        const nextTryIn = patience.max + SUSPECT_AFTER_MS
        const mail = await claimMail(deps.db, { mailId, claimer, nextTryIn })
        return mail ? deliver(deps, mail) : 'not_ours'
      }),
  }
}

async function deliver(deps: MailDeps, mail: ClaimedMail): Promise<'sent' | 'refused'> {
  const delivery = await deps.mailer.send(await composeMail(deps, mail))
  if (delivery.kind === 'sent') {
    await insist(() => recordSent(deps.db, mail.id, delivery.answer))
    return 'sent'
  }
  if (delivery.kind === 'refused') {
    await recordRefused(deps.db, mail.id, delivery.answer)
    return 'refused'
  }
  await recordAttempt(deps.db, mail.id, delivery.answer)
  throw new AppError('MAIL_UNREACHABLE', { answer: delivery.answer, tries: mail.tries })
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
