/**
 * Why a notice is sent by mail: its due was born, its due date comes near, or an operator asked for it.
 */
export const NOTICE_MAIL_KINDS = ['born', 'reminder', 'asked'] as const
export type NoticeMailKind = (typeof NOTICE_MAIL_KINDS)[number]

/** `waiting` for its turn; then the state of its mail. */
export const NOTICE_MAIL_OUTCOMES = ['waiting', 'pending', 'sent', 'failed', 'dropped'] as const
export type NoticeMailOutcome = (typeof NOTICE_MAIL_OUTCOMES)[number]

/**
 * Why a notice is not sent by mail, asked again just before it would leave.
 * - `doubt`: money arrived that is on no due, or nobody knows whether it did.
 * - `expired`: the due cannot be paid any more, or the day that a reminder is about is over.
 * - `changed`: the due date of a reminder, or the address, is another one now.
 * - `not_live`: the ente is not in operation.
 * - `no_notice`: the due has no number of a notice, or its type prints none.
 * - `switched_off`: the type sends no mails of this kind any more.
 * - `stopped`: the person at this address wants none.
 */
const NOTICE_DROPS = [
  'paid',
  'paying',
  'cancelled',
  'doubt',
  'expired',
  'changed',
  'no_address',
  'not_live',
  'no_notice',
  'switched_off',
  'stopped',
] as const
export type NoticeDrop = (typeof NOTICE_DROPS)[number]
