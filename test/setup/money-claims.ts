import { readFileSync } from 'node:fs'
import type { Knex } from 'knex'
import type { Language } from '../../templates/language.ts'
import { unescaped } from './visitor.ts'

/**
 * Facts about the money of one payment, read from the tables without the product's code. The rules below say which facts
 * make each sentence about money true.
 */
export interface Truth {
  state: string
  hasBegun: boolean
  isOver: boolean
  /** The node refused the whole payment at its only send, and no receipt came. */
  isRefused: boolean
  /** A valid receipt says that money moved. */
  hasMoney: boolean
  /** Every requested share has its money. */
  isSettled: boolean
  isSomethingSettled: boolean
  isOtherAmount: boolean
  unplaced: boolean
  unclear: boolean
  saidOk: boolean
  isDeferred: boolean
  /** A receipt has come, or a PSP has taken the payment. */
  isTaken: boolean
  hasUrl: boolean
  isPayable: boolean
  isHeld: boolean
  mails: Record<'pending' | 'sent' | 'failed' | 'doubt', boolean>
}

export async function truthOf(db: Knex, cartId: string): Promise<Truth> {
  const { rows } = await db.raw<{ rows: [Record<string, never>] }>(
    `with r as (select * from attempt where cart_id = :id),
       i as (select ri.share_id, ri.due_id, ri.importo_cents as asked, s.importo_cents as paid
         from attempt_item ri left join settlement s using (share_id) where ri.attempt_id in (select id from r)),
       due as (select d.* from due d join cart_item ci on ci.due_id = d.id where ci.cart_id = :id),
       a as (select * from anomaly where closed_at is null and (cart_id = :id or due_id in (select id from due))),
       m as (select case when last_answer = 'DOUBT' and state = 'failed' then 'doubt' else state end as state
         from email where cart_id = :id and kind = 'receipt')
     select c.state, c.begun_at is not null as "hasBegun", c.redirect_url is not null as "hasUrl",
       c.state in ('expired', 'archived', 'cancelled') as "isOver", c.returned_ok as "saidOk", c.deferred as "isDeferred",
       (select bool_and(forced_reason = 'refused') from r) is true
         and not exists (select from receipt where cart_id = :id) as "isRefused",
       exists (select from receipt where cart_id = :id and settling and outcome in ('paid', 'partly_paid', 'timed_out_partly')) as "hasMoney",
       not exists (select from i where paid is null) and exists (select from i) as "isSettled",
       exists (select from i where paid is not null) as "isSomethingSettled",
       (select sum(asked) <> sum(paid) from i) is true as "isOtherAmount",
       exists (select from a where unplaced_cents > 0 and kind not in ('receipt_refused', 'receipt_not_understood')) as unplaced,
       exists (select from a where kind in ('receipt_refused', 'receipt_not_understood'))
         or exists (select from r where attention in ('receipt_refused', 'receipt_not_understood')) as unclear,
       exists (select from r where progress in ('accepted', 'receipt')) or exists (select from receipt where cart_id = :id) as "isTaken",
       exists (select from due where state = 'payable') as "isPayable",
       exists (select from due where state = 'paying') as "isHeld",
       (select json_object_agg(s, exists (select from m where m.state = s))
         from unnest(array['pending', 'sent', 'failed', 'doubt']) s) as mails
     from cart c where c.id = :id`,
    { id: cartId },
  )
  return rows[0] as unknown as Truth
}

type Rule = (truth: Truth) => boolean
const always: Rule = () => true
/** For texts that are only in mails, receipts or filters, never a sentence on a page. */
const never: Rule = () => false
const isDoubtful: Rule = (it) => it.unplaced || it.unclear
const isAsked: Rule = (it) => it.state === 'requested' && !it.hasMoney
const isNotPaid: Rule = (it) => it.hasBegun && it.state !== 'requested' && !it.hasMoney && !isDoubtful(it)
const mayRetry: Rule = (it) => it.isPayable && it.state !== 'requested' && !isDoubtful(it)
const isPaid: Rule = (it) => it.isSettled && it.state === 'paid' && !isDoubtful(it)

/** Rules by key of the text; the first match counts, so exact keys come first. A test fails for a text without a rule. */
const NEEDS: [keys: RegExp, rule: Rule][] = [
  [/^stage\.open\./, (it) => !it.hasBegun && !it.isOver],
  [/^stage\.(expired|cancelled)\./, (it) => !it.hasBegun],
  [/^stage\.(not_paid|timed_out|refused|partially_paid)\.next$/, mayRetry],
  [/^stage\.preparing\./, (it) => isAsked(it) && !it.hasUrl && !it.saidOk],
  [/^stage\.(ready|left)\.(what|next)/, (it) => isAsked(it) && it.hasUrl && !it.saidOk && !it.isTaken],
  [/^stage\.(ready|left|returned)\./, (it) => isAsked(it) && !isDoubtful(it)],
  [/^stage\.deferred\./, (it) => isAsked(it) && it.isDeferred],
  [/^stage\.doubt\./, isDoubtful],
  [/^stage\.paid_and_doubt\./, (it) => it.isSettled && isDoubtful(it)],
  [/^stage\.paid\./, isPaid],
  [/^stage\.paid_apart\./, (it) => it.hasMoney && !it.isSettled && !isDoubtful(it)],
  [/^stage\.partially_paid\./, (it) => it.isSomethingSettled && !it.isSettled],
  [/^stage\.refused\.what/, (it) => it.isRefused],
  [/^stage\.(not_paid|timed_out|refused)\./, isNotPaid],
  // "Nothing was charged" must stay true for ever, so it needs a payment that never began or can no longer be paid.
  [/^known\.nothing$/, (it) => !it.hasBegun && (it.isOver || it.state === 'open')],
  [/^known\.refused$/, (it) => it.isRefused],
  [/^known\.notStarted$/, (it) => !it.hasBegun],
  [/^known\.notYet$/, (it) => isAsked(it) && !it.isTaken],
  [/^known\.unknown$/, isAsked],
  [/^known\.later$/, (it) => isAsked(it) && it.isDeferred],
  [/^known\.paid$/, (it) => it.isSettled],
  [/^known\.paidOther/, (it) => it.isSettled && it.isOtherAmount],
  [/^known\.(seeReceipts|partly)$/, (it) => it.hasMoney],
  [/^known\.notPaid$/, isNotPaid],
  [/^known\.unplaced/, (it) => it.unplaced],
  [/^known\.unclear$/, (it) => it.unclear],
  [/^known\.weWrite$/, (it) => isAsked(it) && !it.mails.failed && !it.mails.doubt],
  [/^known\.pageTells$/, isAsked],
  [/^known\.mailPending$/, (it) => it.mails.pending && !it.mails.failed && !it.mails.doubt],
  [/^known\.mailSent$/, (it) => it.mails.sent && !it.mails.failed && !it.mails.doubt && !it.mails.pending],
  [/^known\.mailFailed$/, (it) => it.mails.failed],
  [/^known\.mailDoubt$/, (it) => it.mails.doubt],
  [/^(request|link)\./, always],
  [/^cart\.(replica|replicaTodo|twin|paying|paid)$/, (it) => it.hasBegun],
  [/^state\./, never],
  [/^outcome\./, never],
  [/^notice\.payable\./, (it) => it.isPayable && !isDoubtful(it)],
  // These are about one due of the payment; the page shows each due.
  [/^notice\.paid\.title/, (it) => it.isSomethingSettled && !isDoubtful(it)],
  [/^notice\.paid/, (it) => it.isSomethingSettled],
  [/^notice\.(paying|held)\./, (it) => it.isHeld],
  [/^notice\.doubt\./, isDoubtful],
  [/^notice\.(expired|blocked|cancelled)\./, (it) => !it.isSettled],
]

export const ruleOf = (key: string): Rule | undefined => NEEDS.find(([keys]) => keys.test(key))?.[1]

interface Nested {
  [key: string]: string | Nested
}

const flat = (texts: Nested, path = ''): [key: string, text: string][] =>
  Object.entries(texts).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[path + key, value]] : flat(value, `${path}${key}.`),
  )

export const moneyTexts = (language: Language): [key: string, text: string][] =>
  flat(
    JSON.parse(
      readFileSync(new URL(`../../templates/language/${language}/money.json`, import.meta.url), 'utf8'),
    ) as Nested,
  ).filter(([, text]) => text !== '')

/** The texts between the tags of a page. Choices of a filter are left out, because they are no sentences. */
const segments = (html: string): string[] =>
  html
    .replace(/<head>[\s\S]*?<\/head>|<(script|style|select)[\s\S]*?<\/\1>/g, '')
    .split(/<[^>]+>/)
    .map((text) => unescaped(text).replace(/\s+/g, ' ').trim())
    .filter((text) => text !== '')

const WHOLE_SENTENCE = 40

/**
 * The sentences about money on a page, each with the keys it may come from. A long sentence is found anywhere in a text, a
 * short one only at its beginning, as in "Pagato, 31/03/2026". When two short ones match, the longer one counts.
 */
export function claimsOn(html: string, language: Language): { text: string; keys: string[] }[] {
  const known = moneyTexts(language).map(([key, text]) => ({ key, text, pattern: patternOf(text) }))
  return segments(html).flatMap((segment) => {
    const found = known.filter(({ pattern }) => pattern.test(segment))
    const starts = found.filter(({ text }) => text.length < WHOLE_SENTENCE)
    const longest = Math.max(0, ...starts.map(({ text }) => text.length))
    const kept = found.filter(({ text }) => text.length >= WHOLE_SENTENCE || text.length === longest)
    return [...new Set(kept.map(({ text }) => text))].map((text) => ({
      text,
      keys: kept.filter((one) => one.text === text).map(({ key }) => key),
    }))
  })
}

function patternOf(text: string): RegExp {
  const escaped = text
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{\{\w+\}\}/g, '.+?')
    .replace(/[{}]/g, '\\$&')
  return text.length >= WHOLE_SENTENCE ? new RegExp(escaped) : new RegExp(`^${escaped}($|[,. ])`)
}
