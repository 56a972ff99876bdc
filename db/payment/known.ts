import { OPEN_ATTEMPT_STATES } from '../../domain/states.ts'
import { UNCLEAR_KINDS } from '../../domain/payment/known.ts'
import { MONEY_MOVED } from '../../domain/payment/model.ts'
import { listed } from '../ground/listed.ts'
import { IN_DOUBT } from '../mail/email.ts'

const UNCLEAR = listed(UNCLEAR_KINDS)

/** SQL condition: the attempt `r` waits for its outcome. */
export const IS_OPEN = `r.state in (${listed(OPEN_ATTEMPT_STATES)})`

/** SQL condition: a PSP has accepted the attempt `r`. */
export const HAS_PSP = `r.progress in ('accepted', 'receipt')`

/** SQL condition: according to this `receipt` money moved. */
export const SAYS_MONEY_MOVED = `receipt.outcome in (${listed(MONEY_MOVED)})`

/**
 * Sums up open anomalies `a` in two columns. Kinds whose receipt was refused or not understood count as unclear and add no cents,
 * because nobody knows whether that money moved.
 */
const DOUBT = `coalesce(sum(a.unplaced_cents) filter (where a.kind not in (${UNCLEAR})), 0)::bigint as "unplacedCents",
  coalesce(bool_or(a.kind in (${UNCLEAR})), false) as "isUnclear"`

/**
 * Open anomalies `a` about the attempts of a due `d`. An anomaly without a due is about every due of its attempt. Money that a person
 * took off the due is no doubt about it: that person has decided that it is to be paid.
 */
const ABOUT_DUE = `a.closed_at is null and a.kind <> 'withdrawn' and (a.due_id is null or a.due_id = d.id)
  and a.attempt_id in (select ri.attempt_id from attempt_item ri where ri.due_id = d.id)`

/** Joins `doubt."unplacedCents"` and `doubt."isUnclear"` to a due `d`. */
export const DUE_DOUBT = `cross join lateral (select ${DOUBT} from anomaly a where ${ABOUT_DUE}) doubt`

/** The same as an SQL condition: a person must look at the due `d` before anybody pays it. */
export const IS_DOUBTFUL = `exists (select from anomaly a where ${ABOUT_DUE}
  and (a.unplaced_cents > 0 or a.kind in (${UNCLEAR})))`

/** SQL condition: the anomaly `a` is about the cart `c`, or about an attempt of another cart with a due of this one. */
export const ABOUT_CART = `(a.cart_id = c.id or a.attempt_id in (select ri.attempt_id from cart_item i
    join attempt_item ri on ri.due_id = i.due_id
    where i.cart_id = c.id and (a.due_id is null or a.due_id = i.due_id)))`

/** Joins the same two columns to a cart `c`. */
export const CART_DOUBT = `cross join lateral (select ${DOUBT} from anomaly a
  where a.closed_at is null and ${ABOUT_CART}) doubt`

const MAIL = `case when e.state = 'failed' and e.last_answer = '${IN_DOUBT}' then 'doubt' else e.state end`

/**
 * The columns of `PaymentFacts` (domain/payment/known.ts) for a cart `c`; the statement needs FACTS_FROM too. A citizen's open cart
 * past its hour is shown as expired, because nothing else can happen to it.
 */
export const FACTS = `case when c.state = 'open' and c.kind = 'citizen' and c.expires_at < now() then 'expired' else c.state end as state,
  c.redirect_url is not null as "hasUrl", c.returned_at is not null as "hasReturned",
  c.returned_ok as "hasReturnedOk", c.deferred as "isDeferred", doubt."unplacedCents",
  doubt."isUnclear" or asked."isUnclear" as "isUnclear", asked."isAccepted" or got."isUnread" as "isTaken",
  asked."isRefused" and not got."isAny" as "isRefused", sums."isSettled", sums."paidCents", sums."askedCents",
  array(select distinct ${MAIL} from email e join receipt on receipt.id = e.receipt_id where receipt.cart_id = c.id) as mails,
  c.versante ->> 'email' is not null or asked."hasAddress" as "hasAddress",
  exists (select from cart_item i join due d on d.id = i.due_id where i.cart_id = c.id and d.state = 'payable')
    as "canRetry"`

export const FACTS_FROM = `${CART_DOUBT}
  cross join lateral (select coalesce(bool_or(r.attention in (${UNCLEAR})), false) as "isUnclear",
      coalesce(bool_or(${HAS_PSP}), false) as "isAccepted",
      coalesce(bool_and(r.forced_reason is not distinct from 'refused'), false) as "isRefused",
      coalesce(bool_or(r.pagatore_email is not null), false) as "hasAddress"
    from attempt r where r.cart_id = c.id) asked
  cross join lateral (select count(*) > 0 as "isAny", coalesce(bool_or(receipt.handled_at is null), false) as "isUnread"
    from receipt where receipt.cart_id = c.id) got
  cross join lateral (select coalesce(bool_and(s.share_id is not null), true) as "isSettled",
      coalesce(sum(ri.importo_cents), 0)::bigint as "askedCents",
      coalesce(sum(s.importo_cents) filter (where receipt.cart_id = c.id), 0)::bigint as "paidCents"
    from attempt r join attempt_item ri on ri.attempt_id = r.id left join settlement s on s.share_id = ri.share_id
      left join receipt on receipt.id = s.receipt_id where r.cart_id = c.id) sums`
