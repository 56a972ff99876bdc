import type { Knex } from 'knex'

/** Resolves when a cart is paid and its receipt mail is recorded as sent. One query serves all waiting carts. */
export interface SentWatch {
  whenSent(cartId: string): Promise<void>
  stop(): void
}

const EVERY_MS = 100

export function watchSent(db: Knex): SentWatch {
  const waiting = new Map<string, () => void>()
  let isStopped = false
  const look = async (): Promise<void> => {
    const { rows } = await db.raw<{ rows: { id: string }[] }>(
      `select receipt.cart_id as id from receipt join email on email.receipt_id = receipt.id join cart on cart.id = receipt.cart_id
       where receipt.cart_id = any (?) and email.state = 'sent' and cart.state = 'paid'`,
      [[...waiting.keys()]],
    )
    for (const { id } of rows) {
      waiting.get(id)?.()
      waiting.delete(id)
    }
  }
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      if (waiting.size > 0) await look()
      await new Promise((resolve) => {
        setTimeout(resolve, EVERY_MS)
      })
    }
  }
  void loop()
  return {
    whenSent: (cartId) => new Promise((resolve) => waiting.set(cartId, resolve)),
    stop: () => void (isStopped = true),
  }
}
