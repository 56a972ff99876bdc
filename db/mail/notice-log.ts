import type { Knex } from 'knex'
import type { NoticeDrop, NoticeMailKind, NoticeMailOutcome } from '../../domain/notice/mail.ts'
import { readable, type DueReader } from '../due/dues.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'

/** A notice by mail, as the log shows it. */
export interface LoggedNotice {
  id: string
  kind: NoticeMailKind
  outcome: NoticeMailOutcome
  /** Why it was not sent. */
  reason: NoticeDrop | null
  /** The answer of the mail server to one that failed; null while there is none. */
  answer: string | null
  /** Null while no mail was made. */
  address: string | null
  bookedAt: string
  /** When it got its outcome. */
  at: string
  dueId: string
  causale: string
  iuv: string | null
}

const COLUMNS = `n.id, n.kind, n.outcome, n.reason, m.last_answer as answer, m.address, n.created_at as "bookedAt",
  n.told_at as at, d.id as "dueId", d.causale, d.iuv`
const TABLES = `notice_mail n join due d on d.id = n.due_id left join email m on m.notice_mail_id = n.id`

/** The notices of a due by mail, the oldest first. */
export async function noticesOfDue(db: Knex, dueId: string): Promise<LoggedNotice[]> {
  const { rows } = await db.raw<{ rows: LoggedNotice[] }>(
    `select ${COLUMNS} from ${TABLES} where n.due_id = ? order by n.id`,
    [dueId],
  )
  return rows
}

export interface NoticeFilter {
  kind: NoticeMailKind | undefined
  outcome: NoticeMailOutcome | undefined
  /** Days of Rome on which it was booked, both included. */
  from: string | undefined
  to: string | undefined
}

/** One page of the notices of an ente by mail, the newest first, about dues that the reader may see. */
export async function listNotices(
  db: Knex,
  reader: DueReader,
  { kind, outcome, from, to }: NoticeFilter,
  turn: Turn<string>,
): Promise<LoggedNotice[]> {
  const { order, beyond } = reading(turn, 'desc')
  const conditions = [
    ...readable(reader),
    ...given('n.ente_id = ?', reader.enteId),
    ...given('n.kind = ?', kind),
    ...given('n.outcome = ?', outcome),
    ...given('n.booked_on >= ?', from),
    ...given('n.booked_on <= ?', to),
    ...given('n.id >= ?', from && firstIdOf(from, -1)),
    ...given('n.id < ?', to && firstIdOf(to, 2)),
    ...given(`n.id ${beyond} ?`, turn.place),
  ]
  const { rows } = await db.raw<{ rows: LoggedNotice[] }>(
    `select ${COLUMNS} from ${TABLES} where ${conditions.map(([sql]) => sql).join(' and ')} order by n.id ${order} limit ?`,
    [...conditions.flatMap(([, bindings]) => bindings), turn.limit],
  )
  return inOrder(turn, rows)
}

const DAY_MS = 86_400_000
const LAST_MS = 2 ** 48 - 1

/**
 * The smallest id that could be made so many days after a day. The ids of notices hold their instant, so they lead the list to old days without a walk through
 * all that came later; the day itself decides, and one more on each side is for the clocks and for Rome.
 */
function firstIdOf(day: string, after: number): string {
  const ms = Date.parse(`${day}T00:00:00Z`) + after * DAY_MS
  const hex = Math.min(Math.max(ms, 0), LAST_MS).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

const given = (sql: string, value: string | undefined): [sql: string, bindings: Knex.RawBinding[]][] =>
  value === undefined ? [] : [[sql, [value]]]
