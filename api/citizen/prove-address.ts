import type { Request, Response } from 'express'
import { insertEmailLink } from '../../db/mail/email-link.ts'
import type { Maker, NoticeLimits } from '../../db/citizen/maker.ts'
import { romeDay } from '../../domain/calendar.ts'
import { isAppError, tooMany } from '../../domain/errors.ts'
import { mailboxOf } from '../../domain/person.ts'
import type { Language } from '../../templates/language.ts'
import { mailSummary } from '../../templates/process-words.ts'
import { now, type AppConfig, type AppDeps } from '../deps.ts'
import { LIMITS, NOTICE_LIMITS, type Limits } from '../middleware/limits.ts'
import { citizenOf } from '../middleware/session.ts'
import { languageOf } from '../page/page.ts'
import { hint } from '../hint.ts'
import { keepRepriced } from './news.ts'
import { makerOf, networkHash, triesOf } from './client.ts'
import {
  acceptDraft,
  checkRoom,
  type Accepted,
  type Draft,
  type Into,
} from '../../services/due/accept-draft.ts'

const WINDOW_MS = LIMITS.linkPerMailbox.duration * 1_000
/** The most requests for links that a session keeps; far more than one person makes. */
const MOST_ASKS = 100

/**
 * Continues with a draft: directly to the cart when this session has proved the address, otherwise with a link by mail. Sends the answer.
 * @throws TOO_MANY_REQUESTS, whose texts are in templates/language/<language>/limit.json
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
    // The limit of the mailbox is not checked here: a refusal would tell something about a mailbox that may belong to somebody else.
    await checkRoom(db, draft, { account, network: networkHash(config, req) }, noticeLimits(config))
    await limits.take(...triesOf(req, 'linkPerClient'))
    rememberAsk(req, address, { most: limits.most('linkPerMailbox'), now: now(config) })
    if (await mayWriteTo(limits, address))
      await sendLink(deps, { draft, address, language: languageOf(res), account })
    // The answer is the same for every address, so that nobody can find out anything about an address.
    res.redirect(303, '/mail-inviata')
  }
}

/** True when this session has proved the address with a link, or it is the address of the account. */
function isProved(req: Request, address: string): boolean {
  const wanted = address.toLowerCase()
  return [req.session.provedEmail, citizenOf(req)?.email?.toLowerCase()].includes(wanted)
}

/** The session's cart, the language, the maker and the limits, with which `acceptDraft` stores a draft. */
export const intoOf = (config: AppConfig, req: Request, res: Response, maker: Maker): Into => ({
  cartId: req.session.cartId,
  today: romeDay(now(config)),
  language: languageOf(res),
  maker,
  noticeLimits: noticeLimits(config),
})

/** The limits of unpaid notices, multiplied by `limitFactor`, because load runs come from one address. */
function noticeLimits({ noticeLimits: given, limitFactor = 1 }: AppConfig): NoticeLimits {
  const { mailbox, person, network } = { ...NOTICE_LIMITS, ...given }
  const times = (most: number): number => Math.ceil(most * limitFactor)
  return { mailbox: times(mailbox), person: times(person), network: times(network) }
}

/**
 * Remembers in the session that it has requested a link. Requests of other sessions for the same mailbox do not count here, because
 * the answer must not reveal them.
 * @param options `most`: how many mails one mailbox may get within the window
 * @throws TOO_MANY_REQUESTS when this session alone has requested so many
 */
function rememberAsk(req: Request, address: string, { most, now }: { most: number; now: string }): void {
  const mailbox = mailboxOf(address)
  const since = Date.parse(now) - WINDOW_MS
  const recent = (req.session.linkAsks ?? []).filter(({ at }) => Date.parse(at) > since)
  const own = recent.filter((ask) => ask.mailbox === mailbox)
  if (own.length >= most) throw tooMany('mailbox', (Date.parse(own.at(-most)!.at) - since) / 1_000)
  req.session.linkAsks = [...recent, { mailbox, at: now }].slice(-MOST_ASKS)
}

/** Counts one more mail to a mailbox, of the kind that anybody can request. @returns false when the mailbox has got enough of them */
export async function mayWriteTo(limits: Limits, address: string): Promise<boolean> {
  try {
    await limits.take({ limit: 'linkPerMailbox', key: mailboxOf(address) })
    return true
  } catch (error) {
    if (isAppError(error, 'TOO_MANY_REQUESTS')) return false
    throw error
  }
}

/** Stores in the session the cart or the notice that a draft has become. @returns the path of the page that shows it */
export function keepAccepted(
  req: Request,
  { cartId, noticeId, repriced }: Accepted,
  instant: string,
): string {
  keepRepriced(req, repriced)
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

/** Stores a link and its mail in one transaction, then wakes the process that sends the mail. */
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
  await hint(deps.log, { mailId }, () =>
    deps.processes.wakeMail(mailId, { summary: mailSummary('link', draft.enteName) }),
  )
}
