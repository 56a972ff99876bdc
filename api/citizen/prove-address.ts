import type { Request, Response } from 'express'
import { insertEmailLink } from '../../db/email-link.ts'
import { romeDay } from '../../domain/calendar.ts'
import { now, type AppDeps } from '../deps.ts'
import { citizenOf } from '../middleware/session.ts'
import type { CountTry } from '../middleware/limits.ts'
import { within } from '../within.ts'
import type { Language } from '../../templates/language.ts'
import { languageOf } from '../page.ts'
import { acceptDraft, type Accepted, type Draft } from './draft.ts'

const TELL_MS = 500

/** Goes on with a draft: straight to the cart when this session proved the address, else by a link in a mail. */
export type ProveAddress = (req: Request, res: Response, draft: Draft) => Promise<void>

export function proveAddress(deps: AppDeps, count: CountTry): ProveAddress {
  return async (req, res, draft) => {
    const address = draft.versante.email!
    if (isProved(req, address)) {
      const accepted = await deps.db.transaction((trx) =>
        acceptDraft(trx, draft, {
          cartId: req.session.cartId,
          today: romeDay(now(deps.config)),
          language: languageOf(res),
        }),
      )
      return res.redirect(303, keepAccepted(req, accepted, now(deps.config)))
    }
    await count('linkPerClient', req.ip ?? '')
    await count('linkPerAddress', address.toLowerCase())
    await sendLink(deps, { draft, address, language: languageOf(res) })
    // The same answer whatever the address: who asks learns nothing about it.
    res.redirect(303, '/mail-inviata')
  }
}

/** By the link of a mail in this session, or because it is the address of the account. */
function isProved(req: Request, address: string): boolean {
  const wanted = address.toLowerCase()
  return [req.session.provedEmail, citizenOf(req)?.email?.toLowerCase()].includes(wanted)
}

/** The session remembers where the draft has gone; answers the page that shows it. */
export function keepAccepted(req: Request, { cartId, noticeId }: Accepted, instant: string): string {
  if (cartId !== undefined) {
    req.session.cartId = cartId
    return '/carrello'
  }
  req.session.notices = { ids: [noticeId], foundAt: instant }
  return '/avviso/esito'
}

async function sendLink(
  { db, processes, config, log }: AppDeps,
  { draft, address, language }: { draft: Draft; address: string; language: Language },
): Promise<void> {
  const { mailId } = await db.transaction((trx) =>
    insertEmailLink(trx, {
      address,
      draft,
      minutes: config.linkMinutes,
      language,
      mailHost: new URL(config.publicUrl).hostname,
    }),
  )
  if (!(await within(TELL_MS, () => processes.tellMail(mailId))))
    log.warn({ mailId }, 'mail stored, process not told: the sweep will')
}
