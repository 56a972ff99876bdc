/** The twin, which is the control of payments: the same processes with the same steps, but with nothing in them. */
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

/** The twin has as many activities as a payment, on the same queues. */
export interface TwinActivities {
  beginCart(input: TwinInput): Promise<void>
  sendCart(input: TwinInput): Promise<void>
  settleCart(input: TwinInput): Promise<void>
  sendMail(input: TwinInput): Promise<void>
}

export type TwinStep = 'settled' | 'mailed'
