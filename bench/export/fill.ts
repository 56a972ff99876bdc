import { readFileSync } from 'node:fs'
import type { Knex } from 'knex'
import { readRt } from '../../domain/wire/rt.ts'

/** A receipt like those of PSPs. The path is relative, because the benchmark runs in the project's folder. */
const RECEIPT = readFileSync('test/fixtures/flows/export/RT_LV-2025-000001.xml')

/** Texts that differ between receipts: a million equal receipts would compress to almost nothing. */
const OWN_WORDS = [
  ['a1b2c3d4e5f60718293a4b5c6d7e8f01', 'md5(i::text)'],
  ['12010000000000138', 'iuv'],
  ['Bianchi Chiara', `initcap(left(md5('name' || i), 14))`],
] as const

/** Inserts paid dues, each with its payment and its receipt. */
export async function fillPaid(db: Knex, enteId: string, count: number): Promise<void> {
  const details = JSON.stringify(readRt(RECEIPT.toString('utf8')))
  const person = JSON.stringify({ tipo: 'F', codice: 'BNCCHR85H52M999M', anagrafica: 'Chiara Bianchi' })
  const document = OWN_WORDS.reduce((sql, [word, own]) => `replace(${sql}, '${word}', ${own})`, '?::text')
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    // No triggers, because writing the events of a million carts and dues is not measured.
    await trx.raw('set local session_replication_role = replica')
    await trx.raw('truncate due, due_share, cart, attempt, attempt_item, rpt, receipt, settlement cascade')
    await trx.raw(
      `create temporary table n on commit drop as
       select i, uuidv7() as due, uuidv7() as share, uuidv7() as cart, uuidv7() as attempt, uuidv7() as receipt,
         '12' || lpad(i::text, 15, '0') as iuv from generate_series(1, ?) i`,
      [count],
    )
    await trx.raw(
      `insert into due (id, ente_id, ente_due_type_id, iud, iuv, state, importo_cents, causale, pagatore_codice, pagatore)
       select due, ?, (select id from ente_due_type limit 1), 'P-' || i, iuv, 'paid', 2450, 'Canone ' || i,
         'BNCCHR85H52M999M', ?::jsonb from n`,
      [enteId, person],
    )
    await trx.raw(
      `insert into due_share (id, due_id, position, domain, ente_id, ente_name, iban, importo_cents,
         dati_specifici_riscossione, causale)
       select share, due, 1, '99999900014', ?, 'Comune', 'IT61H9999912345000000000001', 2450, '9/0114100TS/LUCE', 'Canone'
       from n`,
      [enteId],
    )
    await trx.raw(
      `insert into cart (id, versante, carrello_id, state, begun_at, expires_at)
       select cart, ?::jsonb, 'K' || i, 'paid', now(), now() from n`,
      [person],
    )
    await trx.raw(
      `insert into attempt (id, cart_id, position, domain, iuv, attempt_code, state, total_cents)
       select attempt, cart, 1, '99999900014', iuv, 'c', 'paid', 2450 from n`,
    )
    await trx.raw(
      `insert into rpt (attempt_id, message_id, requested_at, document) select attempt, 'M' || i, now(), '' from n`,
    )
    await trx.raw(
      `insert into attempt_item (attempt_id, position, share_id, due_id, importo_cents, causale, dati_specifici_riscossione)
       select attempt, 1, share, due, 2450, 'Canone', '9/0114100TS/LUCE' from n`,
    )
    await trx.raw(
      `insert into receipt (id, domain, iuv, attempt_code, sha256, document, details, attempt_id, cart_id, outcome, total_cents, source, answer,
         settling, handled_at)
       select receipt, '99999900014', iuv, 'c', sha256(iuv::bytea), convert_to(${document}, 'UTF8'), ?::jsonb, attempt, cart, 'paid', 2450, 'push', 'accepted', true,
         now() from n`,
      [RECEIPT.toString('utf8'), details],
    )
    await trx.raw(
      `insert into settlement (share_id, due_id, receipt_id, importo_cents, paid_on)
       select share, due, receipt, 2450, '2026-01-15' from n`,
    )
  })
  await db.raw('analyze')
}
