import type { Knex } from 'knex'

/** Payments that a flow lists: dues of an ente, each paid with a receipt. */
export interface Paid {
  enteId: string
  domain: string
  payments: number
}

/** Where the IUVs of the next payments begin; a payment of the benchmark has one of its own. */
let next = 0

/** Inserts paid dues with their receipts, and returns the recipe of the flow that lists them. */
export async function fillPaid(db: Knex, { enteId, domain, payments }: Paid) {
  const from = next
  next += payments
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    await trx.raw('set local session_replication_role = replica')
    const [type] = (await trx('ente_due_type').where({ ente_id: enteId }).select('id').limit(1)) as [
      { id: string },
    ]
    await trx.raw(
      `create temp table made on commit drop as
       select gen_random_uuid() as id, n, cast('12' || lpad(n::text, 15, '0') as text) as iuv, cast('GEN1N' || (n - ${from} + 1) as text) as iur
       from generate_series(${from}, ${from + payments - 1}) n`,
    )
    for (const sql of STATEMENTS) await trx.raw(sql, { ente: enteId, type: type.id, domain })
  })
  await db.raw('analyze due, due_share, attempt, attempt_item, receipt, settlement')
  return { seed: 1, count: payments, firstIuv: `12${String(from).padStart(15, '0')}`, pay: '10.50' }
}

const PAYER = `jsonb_build_object('tipo', 'F', 'codice', 'BNCCHR85H52M999M', 'anagrafica', 'Chiara Bianchi')`
const ITEMS = `jsonb_build_array(jsonb_build_object('iur', iur, 'cents', 1050, 'outcomeOn', '2026-03-30'))`

const STATEMENTS = [
  `insert into due (id, ente_id, ente_due_type_id, iud, iuv, importo_cents, causale, pagatore_codice, pagatore, state)
   select id, :ente, :type, 'B-' || n, iuv, 1050, 'Mensa ' || n, 'BNCCHR85H52M999M', ${PAYER}, 'paid' from made`,
  `insert into due_share (id, due_id, position, domain, ente_id, ente_name, iban, importo_cents, dati_specifici_riscossione, causale)
   select id, id, 1, :domain, :ente, 'Comune di Prova', 'IT61H9999912345000000000001', 1050, '9/0107101TS/', 'Mensa' from made`,
  `insert into cart (id, versante, carrello_id, state, send_state, begun_at, outcome_at, returned_at, expires_at)
   select id, ${PAYER}, replace(id::text, '-', ''), 'paid', 'accepted', now(), now(), now(), now() from made`,
  `insert into cart_item (cart_id, due_id, position) select id, id, 1 from made`,
  `insert into attempt (id, cart_id, position, domain, ente_id, iuv, attempt_code, state, total_cents)
   select id, id, 1, :domain, :ente, iuv, 'C', 'paid', 1050 from made`,
  `insert into attempt_item (attempt_id, position, share_id, due_id, importo_cents, causale, dati_specifici_riscossione)
   select id, 1, id, id, 1050, 'Mensa', '9/0107101TS/' from made`,
  `insert into receipt (id, domain, iuv, attempt_code, sha256, document, attempt_id, cart_id, outcome, total_cents, details, source, answer,
     settling, handled_at)
   select id, :domain, iuv, 'C', sha256(id::text::bytea), '', id, id, 'paid', 1050, jsonb_build_object('items', ${ITEMS}), 'push', 'accepted',
     true, now() from made`,
  `insert into settlement (share_id, due_id, receipt_id, importo_cents, paid_on) select id, id, id, 1050, date '2026-03-30' from made`,
]
