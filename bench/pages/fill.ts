import type { Knex } from 'knex'
import { countJourneys } from '../../db/figures/journeys.ts'
import { rebuildFigures } from '../../db/figures/keep.ts'
import { withClient } from '../../tools/embedded/postgres-client.ts'
import { insertEnte } from '../payments/prepare.ts'

/** Dues of each person. The first PAID_EACH of them are paid, one payment each. */
export const DUES_EACH = 30
export const PAID_EACH = 5
/** Days over which the carts are spread. */
const CART_DAYS = 60
const PEOPLE_AT_ONCE = 5_000

/** codIpa of the ente of the dues. */
export const ENTE_CODE = 'c_98765432101'
/** An administrator of the ente of the dues. */
export const OPERATOR = {
  codiceFiscale: 'FRRPLA64P30M999Q',
  anagrafica: 'Paolo Ferri',
  email: 'paolo@example.org',
}

/** An administrator of the region. */
export const REGION = {
  codiceFiscale: 'CNTLNE01A49M999C',
  anagrafica: 'Elena Conti',
  email: 'elena@example.org',
}

/** Eleven digits with a valid check digit, so that the search accepts them; they belong to nobody. */
export function personCode(person: number): string {
  const digits = `9${String(person).padStart(9, '0')}`
  const sum = [...digits].reduce((total, digit, index) => total + luhn(Number(digit), index), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

const luhn = (digit: number, index: number): number =>
  index % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)

/** IUV that `fill` gives to a due of a person. */
export const iuvOf = (person: number, due: number): string =>
  `12${String(person * DUES_EACH + due).padStart(15, '0')}`

/**
 * Inserts `people` with dues, payments, receipts, mails and history, like those of years of use. Triggers and foreign keys
 * are off meanwhile, to be fast; the rows obey them all the same.
 */
export async function fill(db: Knex, url: string, people: number): Promise<void> {
  const ente = await insertEnte(db)
  await insertStaff(db, ente.id)
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    await trx.raw('set local session_replication_role = replica')
    await insertPeople(trx, people)
    for (const sql of STATEMENTS) await trx.raw(sql, { ente: ente.id, tipo: ente.dueTypeId })
  })
  // Its triggers were off.
  await rebuildFigures(db)
  // The sweep counts two days at once.
  for (let days = 0; days < CART_DAYS; days += 2) await countJourneys(db)
  // The plans of pages need statistics. A connection of its own has no time limit of pages.
  await withClient(url, (client) => client.query('vacuum analyze'))
}

async function insertStaff(db: Knex, enteId: string): Promise<void> {
  const { codiceFiscale, anagrafica } = OPERATOR
  const [row] = (await db('operator')
    .insert({ codice_fiscale: codiceFiscale, name: anagrafica })
    .returning('id')) as [{ id: string }]
  await db('operator_grant').insert({ operator_id: row.id, ente_id: enteId, role: 'admin' })
  await db('operator').insert({
    codice_fiscale: REGION.codiceFiscale,
    name: REGION.anagrafica,
    platform_admin: true,
  })
}

async function insertPeople(trx: Knex, people: number): Promise<void> {
  await trx.raw('create temp table person (number int primary key, codice text not null) on commit drop')
  for (let from = 0; from < people; from += PEOPLE_AT_ONCE) {
    const numbers = Array.from(
      { length: Math.min(PEOPLE_AT_ONCE, people - from) },
      (_, index) => from + index,
    )
    await trx.raw('insert into person select * from unnest(?::int[], ?::text[])', [
      numbers,
      numbers.map(personCode),
    ])
  }
}

const PAYER = `jsonb_build_object('tipo', 'F', 'codice', p.codice, 'anagrafica', 'Chiara Bianchi', 'email', 'chiara@example.org')`

const STATEMENTS = [
  `create temp table made_due on commit drop as
   select gen_random_uuid() as id, p.number * ${DUES_EACH} + n as number, p.codice, n < ${PAID_EACH} as paid
   from person p, generate_series(0, ${DUES_EACH - 1}) n`,
  `insert into due (id, ente_id, ente_due_type_id, iud, iuv, importo_cents, causale, pagatore_codice, pagatore, due_on, state)
   select p.id, :ente, :tipo, 'B-' || p.number, '12' || lpad(p.number::text, 15, '0'), 1050, 'Mensa ' || p.number, p.codice, ${PAYER},
     current_date + 30 + p.number % 300, case when p.paid then 'paid' else 'payable' end
   from made_due p`,
  `insert into due_share (id, due_id, position, domain, ente_id, ente_name, iban, importo_cents, dati_specifici_riscossione, causale)
   select p.id, p.id, 1, '98765432101', :ente, 'Comune di Prova', 'IT61H9999912345000000000001', 1050, '9/0107101TS/', 'Mensa' from made_due p`,
  `insert into event (entity, entity_id, seq, kind, to_state) select 'due', p.id, 0, 'born', 'payable' from made_due p`,
  `insert into cart (id, versante, carrello_id, state, send_state, begun_at, outcome_at, returned_at, expires_at,
     created_at)
   select p.id, ${PAYER}, replace(p.id::text, '-', ''), 'paid', 'accepted', now(), now(), now(), now(),
     now() - interval '1 day' * (p.number % ${CART_DAYS})
   from made_due p where p.paid`,
  `insert into cart_item (cart_id, due_id, position) select p.id, p.id, 1 from made_due p where p.paid`,
  `insert into attempt (id, cart_id, position, domain, ente_id, iuv, attempt_code, state, total_cents)
   select p.id, p.id, 1, '98765432101', :ente, '12' || lpad(p.number::text, 15, '0'), 'C', 'paid', 1050
   from made_due p where p.paid`,
  `insert into rpt (attempt_id, message_id, requested_at, document)
   select p.id, replace(p.id::text, '-', ''), now(), '' from made_due p where p.paid`,
  `insert into attempt_item (attempt_id, position, share_id, due_id, importo_cents, causale, dati_specifici_riscossione)
   select p.id, 1, p.id, p.id, 1050, 'Mensa', '9/0107101TS/' from made_due p where p.paid`,
  `insert into receipt (id, domain, iuv, attempt_code, sha256, document, attempt_id, cart_id, outcome, total_cents, source, answer, settling, handled_at)
   select p.id, '98765432101', '12' || lpad(p.number::text, 15, '0'), 'C', sha256(p.id::text::bytea), '', p.id, p.id, 'paid', 1050, 'push', 'accepted', true, now()
   from made_due p where p.paid`,
  `insert into settlement (share_id, due_id, receipt_id, importo_cents, paid_on)
   select p.id, p.id, p.id, 1050, current_date - p.number % 60 from made_due p where p.paid`,
  // What the sweep would have counted of the reporting flows of the last weeks, for a type and for what has none.
  `insert into reporting_week (ente_id, week, ente_due_type_id, collected_cents, reported_items, reported_cents, open_items, open_cents,
     credited_cents, untied_items, untied_cents)
   select :ente, date_trunc('week', current_date)::date - 7 * n, type, 945000, 880, 924000, 7, 7350, 903000, 2, 2100
   from generate_series(0, 12) n cross join unnest(array[cast(:tipo as uuid), null]) type`,
  `insert into reporting_run (ente_id, process_id, outcome, ended_at) values (:ente, 'the run of the benchmark', 'OK', now())`,
  `insert into email (kind, receipt_id, cart_id, address, message_id, state, sent_at)
   select 'receipt', p.id, p.id, 'chiara@example.org', p.id::text, 'sent', now() from made_due p where p.paid`,
]
