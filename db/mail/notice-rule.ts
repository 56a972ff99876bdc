import { MAX_NOTICE_AMOUNT } from '../../domain/money.ts'
import { IS_DOUBTFUL } from '../payment/known.ts'
import { TODAY } from '../ground/rome.ts'

/** SQL: the day of Rome on which the notice `m` was sent; null when it was not. */
export const SENT_ON = `case when m.outcome = 'sent' then (m.told_at at time zone 'Europe/Rome')::date end`

/** SQL: the address of the debtor of the due `d`; null without one. */
export const ADDRESS = `nullif(trim(d.pagatore ->> 'email'), '')`

/** SQL condition: the due `d` of the ente `e` has the number of a notice. */
export const HAS_NUMBER = `(length(d.iuv) = 17 or (length(d.iuv) = 15 and e.application_code is not null))`

/** SQL condition: the person at this address has stopped the notices of the ente of the due `d`, or of all enti. */
const IS_STOPPED = `exists (select from mail_stop s where s.address_hash = address_hash(${ADDRESS})
  and (s.ente_id is null or s.ente_id = d.ente_id))`

/**
 * SQL: the `NoticeDrop` of a notice `n` (its `kind` and `occasion`) of a due `d` with its type `t` and ente `e`; null when it may be sent. The
 * one rule of this, asked when a notice is asked for, when its turn comes, and again just before it leaves.
 */
export const WHY_NOT = `case
  when d.state in ('paid', 'paying', 'cancelled') then d.state
  when ${IS_DOUBTFUL} then 'doubt'
  when is_expired(d.due_on, t.due_on_binding) or (n.kind = 'reminder' and n.occasion < ${TODAY}) then 'expired'
  when n.kind = 'reminder' and d.due_on is distinct from n.occasion then 'changed'
  when ${ADDRESS} is null then 'no_address'
  when e.state <> 'ESERCIZIO' then 'not_live'
  when not coalesce(${HAS_NUMBER}, false) or not t.active or not t.notice_enabled or d.importo_cents > ${MAX_NOTICE_AMOUNT} then 'no_notice'
  when (n.kind = 'born' and not t.mail_notice) or (n.kind = 'reminder' and not t.mail_reminder) then 'switched_off'
  when ${IS_STOPPED} then 'stopped' end`

/** SQL: joins the type `t` and the ente `e` to a due `d`. */
export const FACTS = `join ente_due_type t on t.id = d.ente_due_type_id join ente e on e.id = d.ente_id`
