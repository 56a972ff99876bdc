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

/** The request of a PSP to begin the payment of a notice. `key` has the CCP that the PSP chose. */
export interface StartAtPsp {
  key: AttemptKey
  activation: Activation
  /** The person at the counter; undefined when the PSP does not name him, then the pagatore of the due. */
  versante: Person | undefined
  station: string
}

/** `cartId` is undefined when the PSP only verified the notice and no payment began. */
export type AtPsp =
  { kind: 'refused'; refused: RefusedNotice } | { kind: 'ok'; notice: PspNotice; cartId: string | undefined }

/** Verifies a notice for a PSP. Changes nothing. */
export async function checkAtPsp(db: Knex, key: Pick<AttemptKey, 'domain' | 'iuv'>): Promise<AtPsp> {
  const notice = await findPspNotice(db, key)
  const refused = noticeRefusal(notice)
  return refused ? { kind: 'refused', refused } : { kind: 'ok', notice: notice!, cartId: undefined }
}

/**
 * Begins the payment of a notice at a PSP, in the caller's transaction. The payment process sends the RPT afterwards. The same request
 * again gets the same answer while its attempt is open.
 * @throws SQLSTATE 55P03 when another transaction holds the due; 23505 when an equal request at the same time was first
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

/** The answer for a key that has an attempt. `ok` only for the same request while the attempt is open: a key is never used twice. */
function repeated(
  { cartId, state, activation }: ActivatedAttempt,
  asked: Activation,
  notice: PspNotice | undefined,
): AtPsp {
  const isSame = activation !== null && isEqual(activation, asked)
  const isOpen = state === 'created' || state === 'sent'
  if (isSame && isOpen && notice) return { kind: 'ok', notice, cartId }
  if (isOpen) return { kind: 'refused', refused: { refusal: 'paying', why: 'codice contesto già in uso' } }
  return {
    kind: 'refused',
    refused: noticeRefusal(notice) ?? { refusal: 'not_at_psp', why: 'codice contesto già usato' },
  }
}

const isEqual = (one: Activation, other: Activation): boolean =>
  one.psp === other.psp &&
  one.broker === other.broker &&
  one.channel === other.channel &&
  one.importoCents === other.importoCents

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
    attemptCode: key.attemptCode,
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
