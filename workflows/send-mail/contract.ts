import type { ProcessWords } from '../words.ts'

/** The durable process of one mail. A mail is sent once, at worst twice, never zero times. */
export const SEND_MAIL = {
  name: 'sendMail',
  taskQueue: 'payments',
  id: (mailId: string): string => `send-mail:${mailId}`,
} as const

/** Waits between attempts, ms. They are data so that tests can pass short ones. */
export interface MailPatience {
  initial: number
  max: number
}

export const MAIL_PATIENCE: MailPatience = { initial: 5_000, max: 5 * 60_000 }

export interface SendMailInput {
  mailId: string
  patience: MailPatience
}

/**
 * The end of a mail. `refused`: the server will never accept it, and the reason is in the mail's row. `not_ours`: another process has it.
 * `dropped`: a notice that is not to be sent any more.
 */
export type MailEnd = 'sent' | 'refused' | 'not_ours' | 'dropped'

/** Older versions stored only the end, without words. */
export interface MailDone {
  end: MailEnd
  words?: ProcessWords
}

export interface SendMailActivities {
  sendMail(input: SendMailInput & { claimer: string }): Promise<MailDone>
}
