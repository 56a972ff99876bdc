/** Durable process of one mail: sent once, at worst twice, never zero times. */
export const SEND_MAIL = {
  name: 'sendMail',
  taskQueue: 'payments',
  id: (mailId: string): string => `send-mail:${mailId}`,
} as const

/** Waits between attempts, ms; data, so that tests pass milliseconds. */
export interface MailPatience {
  initial: number
  max: number
}

export const MAIL_PATIENCE: MailPatience = { initial: 5_000, max: 5 * 60_000 }

export interface SendMailInput {
  mailId: string
  patience: MailPatience
}

export interface SendMailActivities {
  /** `refused`: the server will never take it; the reason is on the mail's row. */
  sendMail(input: SendMailInput & { claimer: string }): Promise<'sent' | 'refused' | 'not_ours'>
}
