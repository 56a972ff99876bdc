import type { Request, Response } from 'express'
import { insertEmailLink } from '../../db/mail/email-link.ts'
import type { Maker, NoticeLimits } from '../../db/citizen/maker.ts'
import { romeDay } from '../../domain/calendar.ts'
import { isAppError, tooMany } from '../../domain/errors.ts'
import { mailboxOf } from '../../domain/person.ts'
import type { Language } from '../../templates/language.ts'
import { now, type AppConfig, type AppDeps } from '../deps.ts'
import { LIMITS, NOTICE_LIMITS, type Limits } from '../middleware/limits.ts'
import { citizenOf } from '../middleware/session.ts'
import { languageOf } from '../page/page.ts'
import { hint } from '../hint.ts'
import { makerOf, networkHash, triesOf } from './client.ts'
import {
  acceptDraft,
  checkRoom,
  type Accepted,
  type Draft,
  type Into,
} from '../../services/due/accept-draft.ts'

const WINDOW_MS = LIMITS.linkPerMailbox.duration * 1_000
/** Of one session; far more than a person asks for. */
const MOST_ASKS = 100

/**
 * Goes on with a draft: straight to the cart when this session proved the address, else by a link in a mail.
 * @throws TOO_MANY_REQUESTS, whose words are in templates/language/<language>/limit.json
 */
export type ProveAddress = (req: Request, res: Response, draft: Draft) => Promise<void>

export function proveAddress(deps: AppDeps, limits: Limits): ProveAddress {
  const { db, config } = deps
  return async (req, res, draft) => {
    const address = draft.versante.email!
    const account = citizenOf(req)?.codiceFiscale
    if (isProved(req, address)) {
      const into = intoOf(config, req, res, makerOf(config, req, { address, account }))
      const accepted = await db.transaction((trx) => acceptDraft(trx, draft, into))
      return res.redirect(303, keepAccepted(req, accepted, now(config)))
    }
    // Of the mailbox nothing is said to who has not proved that it is his.
    await checkRoom(db, draft, { account, network: networkHash(config, req) }, noticeLimits(config))
    await limits.take(...triesOf(req, 'linkPerClient'))
    rememberAsk(req, address, { most: limits.most('linkPerMailbox'), now: now(config) })
    if (await mayWriteTo(limits, address))
      await sendLink(deps, { draft, address, language: languageOf(res), account })
    // The same answer whatever the address: who asks learns nothing about it.
    res.redirect(303, '/mail-inviata')
  }
}

/** By the link of a mail in this session, or because it is the address of the account. */
function isProved(req: Request, address: string): boolean {
  const wanted = address.toLowerCase()
  return [req.session.provedEmail, citizenOf(req)?.email?.toLowerCase()].includes(wanted)
}

/** Where a draft of this request goes. */
export const intoOf = (config: AppConfig, req: Request, res: Response, maker: Maker): Into => ({
  cartId: req.session.cartId,
  today: romeDay(now(config)),
  language: languageOf(res),
  maker,
  noticeLimits: noticeLimits(config),
})

/** Load runs come from one address. */
function noticeLimits({ noticeLimits: given, limitFactor = 1 }: AppConfig): NoticeLimits {
  const { mailbox, person, network } = { ...NOTICE_LIMITS, ...given }
  const times = (most: number): number => Math.ceil(most * limitFactor)
  return { mailbox: times(mailbox), person: times(person), network: times(network) }
}

/**
 * What a session asked for it knows; what others asked for the same mailbox it is not told.
 * @throws TOO_MANY_REQUESTS when the session itself asked as often as we write to one mailbox
 */
function rememberAsk(req: Request, address: string, { most, now }: { most: number; now: string }): void {
  const mailbox = mailboxOf(address)
  const since = Date.parse(now) - WINDOW_MS
  const recent = (req.session.linkAsks ?? []).filter(({ at }) => Date.parse(at) > since)
  const own = recent.filter((ask) => ask.mailbox === mailbox)
  if (own.length >= most) throw tooMany('mailbox', (Date.parse(own.at(-most)!.at) - since) / 1_000)
  req.session.linkAsks = [...recent, { mailbox, at: now }].slice(-MOST_ASKS)
}

/** Whether a mailbox may get one more mail of those that anybody can ask for. */
export async function mayWriteTo(limits: Limits, address: string): Promise<boolean> {
  try {
    await limits.take({ limit: 'linkPerMailbox', key: mailboxOf(address) })
    return true
  } catch (error) {
    if (isAppError(error, 'TOO_MANY_REQUESTS')) return false
    throw error
  }
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

interface Asked {
  draft: Draft
  address: string
  language: Language
  account: string | undefined
}

async function sendLink(deps: AppDeps, { draft, address, language, account }: Asked): Promise<void> {
  const { db, config } = deps
  const { mailId } = await db.transaction((trx) =>
    insertEmailLink(trx, {
      address,
      draft,
      minutes: config.linkMinutes,
      language,
      mailHost: new URL(config.publicUrl).hostname,
      askedBy: account,
    }),
  )
  await hint(deps.log, { mailId }, () => deps.processes.wakeMail(mailId))
}
