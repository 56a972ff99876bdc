import type { Knex } from 'knex'
import type { Language } from '../../domain/language.ts'
import type { ConfigEvent } from '../ente/configuration.ts'
import type { Configured } from '../ente/configured.ts'
import type { ApprovedAct } from '../../domain/anomaly/acts.ts'
import type { ExportKind } from '../../domain/export/kind.ts'
import type { AnomalyKind } from '../../domain/payment/model.ts'
import type { ToldKind } from '../anomaly/tell.ts'
import { RECEIPT_COLUMNS, type StoredReceipt } from '../payment/receipt.ts'

/** `last_answer` of a failed mail of which nobody knows whether a server took it. */
export const IN_DOUBT = 'DOUBT'

/** A mail that is not sent yet, with everything that its text needs. */
export interface PendingMail {
  id: string
  address: string
  messageId: string
  /** How often it was given to a server without a certain answer. */
  inDoubt: number
  language: Language
  content:
    | { kind: 'receipt'; receipt: StoredReceipt }
    | { kind: 'link'; link: LinkOfMail }
    | { kind: 'code'; code: CodeOfMail }
    | { kind: 'address'; changedAt: string }
    | { kind: 'flow'; flow: FlowOfMail }
    | { kind: 'export'; booked: ExportOfMail }
    | { kind: 'change'; change: ChangeOfMail }
    | { kind: 'anomalies'; anomalies: AnomaliesOfMail }
    | { kind: 'asked'; asked: AskedOfMail }
    | { kind: 'notice'; noticeMailId: string }
}

/** Content of a mail about a change of configuration. */
export interface ChangeOfMail {
  entity: Configured
  codIpa: string
  enteName: string
  /** The type of due that changed; null when the ente changed. */
  dueType: { code: string; name: string } | null
  at: string
  data: ConfigEvent['data']
}

/** Content of a mail about new anomalies of an ente. */
export interface AnomaliesOfMail {
  codIpa: string
  enteName: string
  kinds: ToldKind[]
}

/** Content of a mail about a request on an anomaly that needs a second person. */
export interface AskedOfMail {
  anomalyId: string
  kind: AnomalyKind
  /** Null for an anomaly that names no ente of ours. */
  ente: { codIpa: string; name: string } | null
  unplacedCents: number
  at: string
  data: { act: ApprovedAct; by: string; byId: string }
}

/** Content of a mail about an export that has ended. */
export interface ExportOfMail {
  codIpa: string
  enteName: string
  kind: ExportKind
  baseName: string | null
  rows: number
  skipped: number
  errorCode: string | null
}

/** Content of a mail that reports a file of dues. */
export interface FlowOfMail {
  id: string
  codIpa: string
  enteName: string
  baseName: string
  source: string
  errorCode: string | null
  counts: { loaded: number; changed: number; cancelled: number; unchanged: number; rejected: number }
}

export interface LinkOfMail {
  secret: string
  enteName: string
  /** An instant of the clock of the database. */
  expiresAt: string
}

/** Content of a mail with the digits that prove its address. */
export type CodeOfMail = Pick<LinkOfMail, 'secret' | 'expiresAt'>

/** The kinds of mails in their rows. A mail about a request on an anomaly is of kind `change`, as every mail about an event of a person. */
export type MailKind = Exclude<PendingMail['content']['kind'], 'asked'>

type MailRow = StoredReceipt &
  LinkOfMail &
  Omit<PendingMail, 'id' | 'content'> & {
    mailId: string
    kind: MailKind
    flow: FlowOfMail | null
    booked: ExportOfMail | null
    change: ChangeOfMail | null
    anomalies: AnomaliesOfMail | null
    asked: AskedOfMail | null
    noticeMailId: string | null
    writtenAt: string
  }

export async function findPendingMail(db: Knex, mailId: string): Promise<PendingMail | undefined> {
  const { rows } = await db.raw<{ rows: MailRow[] }>(
    `select ${RECEIPT_COLUMNS}, m.id as "mailId", m.address, m.message_id as "messageId", m.in_doubt as "inDoubt", m.kind,
       m.language, m.secret, m.notice_mail_id as "noticeMailId", m.created_at as "writtenAt", coalesce(l.draft ->> 'enteName', 'MyPay') as "enteName",
       coalesce(l.expires_at, k.expires_at) as "expiresAt",
       case when f.id is not null then jsonb_build_object('id', f.id, 'codIpa', e.cod_ipa, 'enteName', e.name,
         'baseName', f.base_name, 'source', f.source, 'errorCode', f.error_code, 'counts', jsonb_build_object('loaded', f.rows_loaded,
         'changed', f.rows_changed, 'cancelled', f.rows_cancelled, 'unchanged', f.rows_unchanged,
         'rejected', f.rows_rejected)) end as flow,
       case when x.id is not null then jsonb_build_object('codIpa', xe.cod_ipa, 'enteName', xe.name, 'kind', x.kind, 'baseName', x.base_name,
         'rows', coalesce(x.rows, 0), 'skipped', x.skipped, 'errorCode', x.error_code) end as booked,
       case when v.id is not null then jsonb_build_object('entity', v.entity, 'codIpa', ve.cod_ipa, 'enteName', ve.name,
         'dueType', case when vt.id is not null then jsonb_build_object('code', vt.code, 'name', vt.name) end, 'at', v.at,
         'data', v.data) end as change,
       case when m.kind = 'anomalies' then jsonb_build_object('codIpa', ae.cod_ipa, 'enteName', ae.name, 'kinds', m.facts) end as anomalies,
       case when va.id is not null then jsonb_build_object('anomalyId', va.id, 'kind', va.kind, 'unplacedCents', va.unplaced_cents,
         'at', v.at, 'data', v.data,
         'ente', case when vae.id is not null then jsonb_build_object('codIpa', vae.cod_ipa, 'name', vae.name) end) end as asked
     from email m left join receipt on receipt.id = m.receipt_id left join email_link l on l.id = m.email_link_id
       left join account_code k on k.id = m.account_code_id
       left join flow f on f.id = m.flow_id left join ente e on e.id = f.ente_id
       left join export x on x.id = m.export_id left join ente xe on xe.id = x.ente_id
       left join event v on v.id = m.event_id left join ente_due_type vt on vt.id = v.entity_id
       left join ente ae on ae.id = m.ente_id
       left join anomaly va on v.entity = 'anomaly' and va.id = v.entity_id left join ente vae on vae.id = va.ente_id
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
  const {
    kind,
    secret,
    enteName,
    expiresAt,
    flow,
    booked,
    change,
    anomalies,
    asked,
    noticeMailId,
    writtenAt,
  } = row
  if (asked) return { kind: 'asked', asked }
  if (kind === 'flow') return { kind, flow: flow! }
  if (kind === 'export') return { kind, booked: booked! }
  if (kind === 'change') return { kind, change: change! }
  if (kind === 'anomalies') return { kind, anomalies: anomalies! }
  if (kind === 'notice') return { kind, noticeMailId: noticeMailId! }
  if (kind === 'link') return { kind, link: { secret, enteName, expiresAt } }
  if (kind === 'address') return { kind, changedAt: writtenAt }
  if (kind === 'code') return { kind, code: { secret, expiresAt } }
  const { id, cartId, content, receivedAt, settling, known, logo } = row
  return { kind, receipt: { id, cartId, content, receivedAt, settling, known, logo } }
}

/** A mail as a process read it. When it was sent and asked for again since, it has another Message-ID, and the process has no part in it. */
export type KnownMail = Pick<PendingMail, 'id' | 'messageId'>

interface Try {
  mailId: string
  /** Milliseconds until the sweep takes the mail up, because its process did not end it. */
  nextTryIn: number
}

/**
 * Claims a mail for one more try. False when it is sent or failed, when another process has claimed it, when it was asked for again since, or when `mostInDoubt` tries had
 * no certain answer. The try counts as one without an answer until `recordAttempt` corrects it, because this process may die meanwhile.
 */
export async function claimMail(
  db: Knex,
  {
    mailId,
    messageId,
    claimer,
    nextTryIn,
    mostInDoubt,
  }: Try & { messageId: string; claimer: string; mostInDoubt: number },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update email set claimed_by = ?, tries = tries + 1, in_doubt = in_doubt + 1,
       next_try_at = now() + ? * interval '1 millisecond'
     where id = ? and message_id = ? and state = 'pending' and in_doubt < ? and (claimed_by is null or claimed_by = ?)
     returning id`,
    [claimer, nextTryIn, mailId, messageId, mostInDoubt, claimer],
  )
  return rows.length > 0
}

/** @param answer the answer of the mail server, without addresses. The secret of the mail (token or code) is deleted. */
export async function recordSent(db: Knex, mail: KnownMail, answer: string): Promise<void> {
  await db('email')
    .where({ id: mail.id, message_id: mail.messageId, state: 'pending' })
    .update({ state: 'sent', sent_at: db.fn.now(), last_answer: answer, secret: null })
}

export async function recordFailed(db: Knex, mail: KnownMail, answer: string): Promise<void> {
  await db('email')
    .where({ id: mail.id, message_id: mail.messageId, state: 'pending' })
    .update({ state: 'failed', last_answer: answer, secret: null })
}

/** A try after which the mail is not known to be sent. */
interface FailedTry extends Try {
  answer: string
  /** True when the try had claimed the mail. */
  isClaimed: boolean
  /** True when the server has certainly not taken the mail. */
  isKnown: boolean
}

/** Stores the result of a failed try. A claimed try that the server certainly refused counts as in doubt no more. */
export async function recordAttempt(db: Knex, attempt: FailedTry): Promise<void> {
  const { answer, isClaimed, isKnown, nextTryIn, mailId } = attempt
  await db.raw(
    `update email set last_answer = ?, in_doubt = greatest(in_doubt - ?, 0), tries = tries + ?,
       next_try_at = now() + ? * interval '1 millisecond'
     where id = ? and state = 'pending'`,
    [answer, isClaimed && isKnown ? 1 : 0, isClaimed ? 0 : 1, nextTryIn, mailId],
  )
}
