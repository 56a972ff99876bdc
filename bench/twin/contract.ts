/** The bare twin: the processes of a payment with the same steps and nothing in them. */
export const TWIN = {
  namespace: 'twin',
  taskQueue: 'payments',
  payCart: 'payCart',
  sendMail: 'sendMail',
  payCartId: (id: string): string => `pay-cart:${id}`,
  sendMailId: (id: string): string => `send-mail:${id}`,
} as const

export interface TwinInput {
  id: string
}

/** As many as a payment has, on the same queues. */
export interface TwinActivities {
  beginCart(input: TwinInput): Promise<void>
  sendCart(input: TwinInput): Promise<void>
  settleCart(input: TwinInput): Promise<void>
  sendMail(input: TwinInput): Promise<void>
}

export type TwinStep = 'settled' | 'mailed'
