import type { Request, Response } from 'express'
import { insertEmailLink } from '../../db/email-link.ts'
import { romeDay } from '../../domain/calendar.ts'
import { now, type AppDeps } from '../deps.ts'
import type { CountTry } from '../middleware/limits.ts'
import { within } from '../within.ts'
import { acceptDraft, type Draft } from './draft.ts'

const TELL_MS = 500

/** Goes on with a draft: straight to the cart when this session proved the address, else by a link in a mail. */
export type ProveAddress = (req: Request, res: Response, draft: Draft) => Promise<void>

export function proveAddress(deps: AppDeps, count: CountTry): ProveAddress {
  return async (req, res, draft) => {
    const address = draft.payer.email!
    if (req.session.provedEmail === address.toLowerCase()) {
      req.session.cartId = await deps.db.transaction((trx) =>
        acceptDraft(trx, draft, { cartId: req.session.cartId, today: romeDay(now(deps.config)) }),
      )
      return res.redirect(303, '/carrello')
    }
    await count('linkPerClient', req.ip ?? '')
    await count('linkPerAddress', address.toLowerCase())
    await sendLink(deps, draft, address)
    // The same answer whatever the address: who asks learns nothing about it.
    res.redirect(303, '/mail-inviata')
  }
}

async function sendLink(
  { db, processes, config, log }: AppDeps,
  draft: Draft,
  address: string,
): Promise<void> {
  const { mailId } = await db.transaction((trx) =>
    insertEmailLink(trx, {
      address,
      draft,
      minutes: config.linkMinutes,
      mailHost: new URL(config.publicUrl).hostname,
    }),
  )
  if (!(await within(TELL_MS, () => processes.tellMail(mailId))))
    log.warn({ mailId }, 'mail stored, process not told: the sweep will')
}
