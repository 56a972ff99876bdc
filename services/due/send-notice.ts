import type { Knex } from 'knex'
import { bookAsked, type AskedNotice, type NoticeAsked } from '../../db/mail/notice-mail.ts'

/**
 * Sends the notice of one due by mail, because an operator asks for it. It is booked; the sweep lets it out within a minute, before the
 * notices that nobody asked for. Whoever calls it has checked that the operator may use the due. May be repeated: one a day leaves.
 */
export const sendNotice = (db: Knex, asked: AskedNotice): Promise<NoticeAsked> => bookAsked(db, asked)
