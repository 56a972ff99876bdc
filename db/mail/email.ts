import type { Knex } from 'knex'
import type { ConfigEvent } from '../ente/configuration.ts'
import type { Configured } from '../ente/configured.ts'
import { RECEIPT_COLUMNS, type StoredReceipt } from '../payment/receipt.ts'

/** `last_answer` of a failed mail nobody knows to have arrived. */
export const IN_DOUBT = 'DOUBT'

/** A mail that has not left, with everything its text needs. */
export interface PendingMail {
  id: string
  address: string
  messageId: string
  /** Times it was handed over and nobody knows whether it was taken. */
  inDoubt: number
  language: 'it' | 'en' | 'de'
  content:
    | { kind: 'receipt'; receipt: StoredReceipt }
    | { kind: 'link'; link: LinkOfMail }
    | { kind: 'code'; code: CodeOfMail }
    | { kind: 'address'; changedAt: string }
    | { kind: 'flow'; flow: FlowOfMail }
    | { kind: 'export'; booked: ExportOfMail }
    | { kind: 'change'; change: ChangeOfMail }
}

/** What an administrator of an ente changed. */
export interface ChangeOfMail {
  entity: Configured
  codIpa: string
  enteName: string
  /** Of the type of due, when it is one. */
  dueType: { code: string; name: string } | null
  at: string
  data: ConfigEvent['data']
}

/** What is said of an export that is over. */
export interface ExportOfMail {
  codIpa: string
  enteName: string
  baseName: string | null
  rows: number
  skipped: number
  errorCode: string | null
}

/** What a report says of a file of dues. */
export interface FlowOfMail {
  id: string
  codIpa: string
  enteName: string
  baseName: string
  errorCode: string | null
  counts: { loaded: number; changed: number; cancelled: number; unchanged: number; rejected: number }
}

export interface LinkOfMail {
  secret: string
  enteName: string
  /** By the database's clock. */
  expiresAt: string
}

/** The digits of an address to prove. */
export type CodeOfMail = Pick<LinkOfMail, 'secret' | 'expiresAt'>

type MailRow = StoredReceipt &
  LinkOfMail &
  Omit<PendingMail, 'id' | 'content'> & {
    mailId: string
    kind: PendingMail['content']['kind']
    flow: FlowOfMail | null
    booked: ExportOfMail | null
    change: ChangeOfMail | null
    writtenAt: string
  }

export async function findPendingMail(db: Knex, mailId: string): Promise<PendingMail | undefined> {
  const { rows } = await db.raw<{ rows: MailRow[] }>(
    `select ${RECEIPT_COLUMNS}, m.id as "mailId", m.address, m.message_id as "messageId", m.in_doubt as "inDoubt", m.kind,
       m.language, m.secret, m.created_at as "writtenAt", coalesce(l.draft ->> 'enteName', 'MyPay') as "enteName",
       coalesce(l.expires_at, k.expires_at) as "expiresAt",
       case when f.id is not null then jsonb_build_object('id', f.id, 'codIpa', e.cod_ipa, 'enteName', e.name,
         'baseName', f.base_name, 'errorCode', f.error_code, 'counts', jsonb_build_object('loaded', f.rows_loaded,
         'changed', f.rows_changed, 'cancelled', f.rows_cancelled, 'unchanged', f.rows_unchanged,
         'rejected', f.rows_rejected)) end as flow,
       case when x.id is not null then jsonb_build_object('codIpa', xe.cod_ipa, 'enteName', xe.name, 'baseName', x.base_name,
         'rows', coalesce(x.rows, 0), 'skipped', x.skipped, 'errorCode', x.error_code) end as booked,
       case when v.id is not null then jsonb_build_object('entity', v.entity, 'codIpa', ve.cod_ipa, 'enteName', ve.name,
         'dueType', case when vt.id is not null then jsonb_build_object('code', vt.code, 'name', vt.name) end, 'at', v.at,
         'data', v.data) end as change
     from email m left join receipt on receipt.id = m.receipt_id left join email_link l on l.id = m.email_link_id
       left join account_code k on k.id = m.account_code_id
       left join flow f on f.id = m.flow_id left join ente e on e.id = f.ente_id
       left join export x on x.id = m.export_id left join ente xe on xe.id = x.ente_id
       left join event v on v.id = m.event_id left join ente_due_type vt on vt.id = v.entity_id
       left join ente ve on ve.id = coalesce(vt.ente_id, v.entity_id)
     where m.id = ? and m.state = 'pending'`,
    [mailId],
  )
  const [row] = rows
  if (!row) return undefined
  const { mailId: id, address, messageId, inDoubt, language } = row
  return { id, address, messageId, inDoubt, language, content: contentOf(row) }
}

function contentOf(row: MailRow): PendingMail['content'] {
  const { kind, secret, enteName, expiresAt, flow, booked, change, writtenAt } = row
  if (kind === 'flow') return { kind, flow: flow! }
  if (kind === 'export') return { kind, booked: booked! }
  if (kind === 'change') return { kind, change: change! }
  if (kind === 'link') return { kind, link: { secret, enteName, expiresAt } }
  if (kind === 'address') return { kind, changedAt: writtenAt }
  if (kind === 'code') return { kind, code: { secret, expiresAt } }
  const { id, cartId, content, receivedAt, settling, known, logo } = row
  return { kind, receipt: { id, cartId, content, receivedAt, settling, known, logo } }
}

interface Try {
  mailId: string
  /** ms until the sweep may suspect that nobody cares for this mail. */
  nextTryIn: number
}

/**
 * The right to hand a mail over once more; false: it has left, belongs to another process, or was handed over
 * `mostInDoubt` times already. Counted as doubtful until somebody knows better.
 */
export async function claimMail(
  db: Knex,
  { mailId, claimer, nextTryIn, mostInDoubt }: Try & { claimer: string; mostInDoubt: number },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update email set claimed_by = ?, tries = tries + 1, in_doubt = in_doubt + 1,
       next_try_at = now() + ? * interval '1 millisecond'
     where id = ? and state = 'pending' and in_doubt < ? and (claimed_by is null or claimed_by = ?)
     returning id`,
    [claimer, nextTryIn, mailId, mostInDoubt, claimer],
  )
  return rows.length > 0
}

/** `last_answer` is the server's own words, without addresses. The link's token goes with the mail. */
export async function recordSent(db: Knex, mailId: string, answer: string): Promise<void> {
  await db('email')
    .where({ id: mailId, state: 'pending' })
    .update({ state: 'sent', sent_at: db.fn.now(), last_answer: answer, secret: null })
}

export async function recordFailed(db: Knex, mailId: string, answer: string): Promise<void> {
  await db('email')
    .where({ id: mailId, state: 'pending' })
    .update({ state: 'failed', last_answer: answer, secret: null })
}

/** What is known of a try that did not end with the mail being taken. */
interface FailedTry extends Try {
  answer: string
  /** The right to hand it over had been given… */
  isClaimed: boolean
  /** …and the server has certainly not taken it. */
  isKnown: boolean
}

export async function recordAttempt(db: Knex, attempt: FailedTry): Promise<void> {
  const { answer, isClaimed, isKnown, nextTryIn, mailId } = attempt
  await db.raw(
    `update email set last_answer = ?, in_doubt = greatest(in_doubt - ?, 0), tries = tries + ?,
       next_try_at = now() + ? * interval '1 millisecond'
     where id = ? and state = 'pending'`,
    [answer, isClaimed && isKnown ? 1 : 0, isClaimed ? 0 : 1, nextTryIn, mailId],
  )
}
