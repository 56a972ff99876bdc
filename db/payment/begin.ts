import type { Knex } from 'knex'
import type { AttemptEnte, AttemptShare } from '../../domain/payment/attempt-parts.ts'
import type { Person } from '../../domain/person.ts'
import { CART_COLUMNS, type Cart } from './cart.ts'
import { IS_DOUBTFUL } from './known.ts'
import { lockDuesOf } from '../due/lock.ts'
import { rowOf } from '../ground/rows.ts'
import { TWINS_FROM } from './twin.ts'

/** A due of a cart that is about to begin: its row is locked, and it has everything that its attempt is made of. */
export interface BeginItem {
  dueId: string
  iuv: string | null
  state: string
  pagatore: Person
  spontaneous: boolean
  /**
   * Number of attempts of this due or of its IUV, whichever is larger. It includes attempts of a cancelled due with the same IUV,
   * because the next attempt needs a CCP that was never used with that IUV.
   */
  tries: number
  typeActive: boolean
  separate: boolean
  expired: boolean
  /** True when a person must look at an earlier payment of this due first, because money may have moved already. */
  isDoubtful: boolean
  /** True when the citizen made the same due lately (db/payment/twin.ts), perhaps by mistake. */
  hasReplica: boolean
  ente: BeginEnte
  shares: AttemptShare[]
}

export interface BeginEnte extends AttemptEnte {
  id: string
  state: string
  applicationCode: string | null
  segregationCode: string
}

export interface LockedCart extends Cart {
  hasRunOut: boolean
  now: string
}

/** Locks the cart. Every transaction that writes a payment takes this lock first. */
export const lockCart = (trx: Knex, cartId: string): Promise<LockedCart | undefined> =>
  rowOf<LockedCart>(
    trx('cart')
      .first({ ...CART_COLUMNS, hasRunOut: trx.raw('cart.expires_at < now()'), now: trx.raw('now()') })
      .where({ id: cartId })
      .forNoKeyUpdate(),
  )

/**
 * Locks and reads the dues of a cart, in their order. `expired` is computed (a binding due date lies before today in Rome) and never
 * stored.
 */
export async function lockItems(trx: Knex, cartId: string): Promise<BeginItem[]> {
  await lockDuesOf(trx, cartId)
  const { rows } = await trx.raw<{ rows: (BeginItem & { position: number })[] }>(
    `select d.id as "dueId", d.iuv, d.state, d.pagatore, d.spontaneous,
       greatest(d.tries, (select count(*)::int from attempt r where r.domain = e.codice_fiscale and r.iuv = d.iuv)) as tries,
       t.active as "typeActive", t.separate_attempt as separate,
       is_expired(d.due_on, t.due_on_binding) as expired, i.position,
       ${IS_DOUBTFUL} as "isDoubtful",
       d.spontaneous and exists (select from ${TWINS_FROM}) as "hasReplica",
       json_build_object('id', e.id, 'state', e.state, 'codiceFiscale', e.codice_fiscale, 'name', e.name,
         'applicationCode', e.application_code, 'segregationCode', e.segregation_code, 'ibanPostale',
           coalesce(t.iban_postale, e.iban_postale),
         'indirizzo', e.indirizzo, 'civico', e.civico, 'cap', e.cap, 'localita', e.localita,
         'provincia', e.provincia, 'nazione', e.nazione) as ente,
       (select json_agg(json_build_object('id', s.id, 'domain', s.domain, 'enteId', s.ente_id, 'enteName', s.ente_name,
          'iban', s.iban, 'cents', s.importo_cents, 'causale', s.causale,
          'datiSpecificiRiscossione', s.dati_specifici_riscossione) order by s.position)
        from due_share s where s.due_id = d.id) as shares
     from cart_item i join due d on d.id = i.due_id
       join ente e on e.id = d.ente_id join ente_due_type t on t.id = d.ente_due_type_id
     where i.cart_id = ? order by i.position`,
    [cartId],
  )
  return rows
}

export interface NewAttempt {
  id: string
  position: number
  domain: string
  enteId: string | null
  iuv: string
  attemptCode: string
  messageId: string
  totalCents: number
  document: Uint8Array
  pagatoreEmail: string | null
  items: {
    shareId: string
    dueId: string
    cents: number
    causale: string
    datiSpecificiRiscossione: string
  }[]
}

export interface Begun {
  cartId: string
  carrelloId: string
  multiBeneficiario: boolean
  attempts: NewAttempt[]
  requestedAt: string
  /** Milliseconds until the attempts are checked for the first time. */
  firstCheckIn: number
  /** True when the payment process sends the message later; otherwise the caller sends it right after the commit. */
  isUnsent?: boolean
}

/** Stores the attempts and moves dues and cart, in the caller's transaction. After it only an outcome frees the dues. */
export async function insertBegun(trx: Knex, begun: Begun): Promise<void> {
  const attempts = trx('attempt').insert(begun.attempts.map((attempt) => attemptRow(trx, attempt, begun)))
  await trx('rpt')
    .with('made', attempts)
    .insert(begun.attempts.map((attempt) => rptRow(attempt, begun)))
  await trx('attempt_item').insert(begun.attempts.flatMap(itemRows))
  await trx.raw(
    `with held as (update cart_item set live = true where cart_id = ? returning due_id)
     update due set state = 'paying', tries = tries + 1 where id in (select due_id from held)`,
    [begun.cartId],
  )
  await trx('cart')
    .where({ id: begun.cartId })
    .update({
      state: 'requested',
      begun_at: trx.fn.now(),
      carrello_id: begun.carrelloId,
      multi_beneficiario: begun.multiBeneficiario,
      // `in_doubt` from the start, because the caller sends right after this commit and may die before it writes the result. The
      // process that sends an `unsent` cart later counts the send itself, before it sends.
      send_state: begun.isUnsent ? 'unsent' : 'in_doubt',
      send_attempts: begun.isUnsent ? 0 : 1,
    })
}

function attemptRow(trx: Knex, attempt: NewAttempt, begun: Begun): Record<string, unknown> {
  return {
    id: attempt.id,
    cart_id: begun.cartId,
    position: attempt.position,
    domain: attempt.domain,
    ente_id: attempt.enteId,
    iuv: attempt.iuv,
    attempt_code: attempt.attemptCode,
    total_cents: attempt.totalCents,
    pagatore_email: attempt.pagatoreEmail,
    next_check_at: trx.raw(`now() + ? * interval '1 millisecond'`, [begun.firstCheckIn]),
  }
}

const rptRow = (attempt: NewAttempt, begun: Begun): Record<string, unknown> => ({
  attempt_id: attempt.id,
  message_id: attempt.messageId,
  requested_at: begun.requestedAt,
  document: Buffer.from(attempt.document),
})

function itemRows(attempt: NewAttempt): Record<string, unknown>[] {
  return attempt.items.map((item, index) => ({
    attempt_id: attempt.id,
    position: index + 1,
    share_id: item.shareId,
    due_id: item.dueId,
    importo_cents: item.cents,
    causale: item.causale,
    dati_specifici_riscossione: item.datiSpecificiRiscossione,
  }))
}
