import type { Knex } from 'knex'
import { insertBegun } from '../../db/payment/begin.ts'
import {
  findActivated,
  findPspNotice,
  lockPspNotice,
  openPspCart,
  type ActivatedAttempt,
  type Activation,
  type PspNotice,
} from '../../db/payment/psp-payment.ts'
import type { AttemptKey } from '../../domain/payment/model.ts'
import { amountRefusal, noticeRefusal, type RefusedNotice } from '../../domain/payment/psp-notice.ts'
import type { Person } from '../../domain/person.ts'
import { makeAttempt } from './make-attempts.ts'

/** What a PSP asks for: to pay this notice under this key. */
export interface StartAtPsp {
  key: AttemptKey
  activation: Activation
  /** Who pays at the counter; the payer of the due when the PSP names nobody. */
  versante: Person | undefined
  station: string
}

/** `cartId` is undefined where nothing was begun: the PSP only asked. */
export type AtPsp =
  { kind: 'refused'; refused: RefusedNotice } | { kind: 'ok'; notice: PspNotice; cartId: string | undefined }

/** Looks at a notice for a PSP; changes nothing. */
export async function checkAtPsp(db: Knex, key: Pick<AttemptKey, 'domain' | 'iuv'>): Promise<AtPsp> {
  const notice = await findPspNotice(db, key)
  const refused = noticeRefusal(notice)
  return refused ? { kind: 'refused', refused } : { kind: 'ok', notice: notice!, cartId: undefined }
}

/**
 * Begins the payment of a notice at a PSP, in the caller's transaction: cart, attempt and states move together, and the durable process
 * sends the request afterwards. The same question again gets the same answer while its attempt is open.
 * @throws 55P03 when another transaction holds the due; 23505 when an equal request was quicker
 */
export async function startAtPsp(trx: Knex, start: StartAtPsp): Promise<AtPsp> {
  const { key, activation } = start
  const again = await findActivated(trx, key)
  if (again) return repeated(again, activation, await findPspNotice(trx, key))
  const notice = await lockPspNotice(trx, key)
  const refused = noticeRefusal(notice) ?? amountRefusal(activation.importoCents, notice!.importoCents)
  if (refused) return { kind: 'refused', refused }
  return { kind: 'ok', notice: notice!, cartId: await begin(trx, notice!, start) }
}

/** The key of an attempt that ended is used up. */
function repeated(
  { cartId, state, activation }: ActivatedAttempt,
  asked: Activation,
  notice: PspNotice | undefined,
): AtPsp {
  const isSame =
    activation !== null &&
    (Object.keys(asked) as (keyof Activation)[]).every((field) => activation[field] === asked[field])
  const isOpen = state === 'created' || state === 'sent'
  if (isSame && isOpen && notice) return { kind: 'ok', notice, cartId }
  if (isOpen) return { kind: 'refused', refused: { refusal: 'paying', why: 'codice contesto già in uso' } }
  return {
    kind: 'refused',
    refused: noticeRefusal(notice) ?? { refusal: 'not_at_psp', why: 'codice contesto già usato' },
  }
}

async function begin(
  trx: Knex,
  { dueId, pagatore }: PspNotice,
  { key, activation, versante, station }: StartAtPsp,
): Promise<string> {
  const { cart, item } = await openPspCart(trx, { dueId, versante: versante ?? pagatore, activation })
  const attempt = makeAttempt({
    cart,
    lines: [{ item, share: item.shares[0]! }],
    iuv: key.iuv,
    ccp: key.ccp,
    station,
    position: 1,
    tipoVersamento: 'PO',
  })
  await insertBegun(trx, {
    cartId: cart.id,
    carrelloId: cart.carrelloId,
    multiBeneficiario: false,
    attempts: [attempt],
    requestedAt: cart.now,
    firstCheckIn: 0,
    isUnsent: true,
  })
  return cart.id
}
