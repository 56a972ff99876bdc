import type { Knex } from 'knex'
import type { AttemptKey } from '../../domain/payment/model.ts'
import type { Person } from '../../domain/person.ts'
import type { NoticeOfPsp } from '../../domain/payment/psp-notice.ts'
import { addCartItem, insertCart } from './cart.ts'
import { IS_DOUBTFUL } from './known.ts'
import { lockCart, lockItems, type BeginItem, type LockedCart } from './begin.ts'

/** A notice that a PSP finds by ente and IUV; it need not know who owes it. */
export interface PspNotice extends NoticeOfPsp {
  dueId: string
  importoCents: number
  iban: string
  causale: string
  enteName: string
  pagatore: Person
}

const NOTICE = `select d.id as "dueId", d.state, d.importo_cents as "importoCents", d.causale, d.pagatore, e.name as "enteName",
     is_expired(d.due_on, t.due_on_binding) as "isExpired", t.active as "isTypeActive", s.iban,
     ${IS_DOUBTFUL} as "isDoubtful",
     exists (select from due_share two where two.due_id = d.id and two.position = 2) as "hasSecondary"
   from due d join ente e on e.id = d.ente_id join ente_due_type t on t.id = d.ente_due_type_id
     join due_share s on s.due_id = d.id and s.position = 1
   where e.codice_fiscale = ? and d.iuv = ? and e.state in ('PRE-ESERCIZIO', 'ESERCIZIO')
   order by d.state = 'cancelled', d.created_at desc limit 1`

export async function findPspNotice(
  db: Knex,
  { domain, iuv }: { domain: string; iuv: string },
): Promise<PspNotice | undefined> {
  const { rows } = await db.raw<{ rows: PspNotice[] }>(NOTICE, [domain, iuv])
  return rows[0]
}

/**
 * Locks the due of a notice, then reads it by another statement, which sees what was committed before the lock. It does not wait for
 * the lock, because whoever holds it is paying the due and a person stands at the counter.
 * @throws SQLSTATE 55P03 when another transaction holds the due (`isLocked`)
 */
export async function lockPspNotice(
  trx: Knex,
  key: { domain: string; iuv: string },
): Promise<PspNotice | undefined> {
  const found = await findPspNotice(trx, key)
  if (!found) return undefined
  await trx.raw(`select id from due where id = ? for no key update nowait`, [found.dueId])
  return findPspNotice(trx, key)
}

/** The PSP that activated a payment, its broker and channel, and the amount in cents. */
export interface Activation {
  psp: string
  broker: string
  channel: string
  importoCents: number
}

export interface ActivatedAttempt {
  cartId: string
  state: string
  activation: Activation | null
}

/** The attempt with this key, whether a PSP or a citizen began it. */
export async function findActivated(
  db: Knex,
  { domain, iuv, attemptCode }: AttemptKey,
): Promise<ActivatedAttempt | undefined> {
  const { rows } = await db.raw<{ rows: ActivatedAttempt[] }>(
    `select r.cart_id as "cartId", r.state, c.psp as activation from attempt r join cart c on c.id = r.cart_id
     where r.domain = ? and r.iuv = ? and r.attempt_code = ?`,
    [domain, iuv, attemptCode],
  )
  return rows[0]
}

/** Makes an open cart with one due for a PSP. The caller must begin it in the same transaction. */
export async function openPspCart(
  trx: Knex,
  { dueId, versante, activation }: { dueId: string; versante: Person; activation: Activation },
): Promise<{ cart: LockedCart; item: BeginItem }> {
  const cartId = await insertCart(trx, { kind: 'psp', versante, psp: activation })
  await addCartItem(trx, cartId, dueId)
  const cart = (await lockCart(trx, cartId))!
  const [item] = await lockItems(trx, cartId)
  return { cart, item: item! }
}
