import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { plantSessions } from '../world/sessions.ts'

/** A cart with one due in the session of a browser, ready for "Paga". */
export interface Prepared {
  cartId: string
  dueId: string
  cookie: string
}

export interface EnteRow {
  id: string
  dueTypeId: string
  domain: string
}

/** Invented payer. Each cart has its own, because the check for double payments looks at the other dues of a payer. */
const payer = (number: number): object => ({
  tipo: 'F',
  codice: codiceFiscale(number),
  anagrafica: 'Chiara Bianchi',
  email: `chiara.${number}@example.org`,
})
const IBAN = 'IT61H9999912345000000000001'
const STAMP = '9/0107101TS/'
const HOUR_MS = 3_600_000
/** Counts the payers made so far in this process. */
let payers = 0

/** Inserts an ente that is open for payments, with one type of spontaneous due. */
export async function insertEnte(db: Knex, domain = '98765432101'): Promise<EnteRow> {
  const [ente] = (await db('ente')
    .insert({
      cod_ipa: `c_${domain}`,
      codice_fiscale: domain,
      name: 'Comune di Prova',
      state: 'ESERCIZIO',
      segregation_code: '12',
      application_code: '12',
      iban: IBAN,
    })
    .returning('id')) as { id: string }[]
  const type = { code: 'MENSA', name: 'Mensa', dati_specifici_riscossione: STAMP }
  await db('due_type').insert(type).onConflict().ignore()
  const [dueType] = (await db('ente_due_type')
    .insert({ ...type, ente_id: ente!.id, spontaneous: true, due_on_binding: true, form: '{}' })
    .returning('id')) as { id: string }[]
  return { id: ente!.id, dueTypeId: dueType!.id, domain }
}

/** Inserts `count` carts of one due each with their sessions, one statement per table. */
export async function preparePayments(
  db: Knex,
  ente: EnteRow,
  { count, sessionKey }: { count: number; sessionKey: string },
): Promise<Prepared[]> {
  const rows = Array.from({ length: count }, () => ({
    cartId: randomUUID(),
    dueId: randomUUID(),
    number: payers++,
  }))
  await db.transaction(async (trx) => {
    await trx.batchInsert(
      'due',
      rows.map(({ dueId, number }) => dueRow(dueId, ente, number)),
    )
    await trx.batchInsert(
      'due_share',
      rows.map(({ dueId }) => shareRow(dueId, ente)),
    )
    await trx.batchInsert(
      'cart',
      rows.map(({ cartId, number }) => cartRow(cartId, number)),
    )
    await trx.batchInsert(
      'cart_item',
      rows.map(({ cartId, dueId }) => ({ cart_id: cartId, due_id: dueId, position: 1 })),
    )
  })
  const cookies = await plantSessions(
    db,
    sessionKey,
    rows.map(({ cartId }) => ({ cartId })),
  )
  return rows.map(({ cartId, dueId }, index) => ({ cartId, dueId, cookie: cookies[index]! }))
}

const dueRow = (id: string, ente: EnteRow, number: number): object => ({
  id,
  ente_id: ente.id,
  ente_due_type_id: ente.dueTypeId,
  iud: `000${id.replaceAll('-', '')}`,
  importo_cents: 1050,
  // Each due has its own causale, or the second one would lead to the question about a double payment.
  causale: `Mensa ${id}`,
  pagatore_codice: codiceFiscale(number),
  pagatore: JSON.stringify(payer(number)),
  spontaneous: true,
})

const shareRow = (dueId: string, ente: EnteRow): object => ({
  due_id: dueId,
  position: 1,
  domain: ente.domain,
  ente_id: ente.id,
  ente_name: 'Comune di Prova',
  iban: IBAN,
  importo_cents: 1050,
  causale: 'Mensa',
  dati_specifici_riscossione: STAMP,
})

const cartRow = (id: string, number: number): object => ({
  id,
  kind: 'citizen',
  versante: JSON.stringify(payer(number)),
  carrello_id: id.replaceAll('-', ''),
  expires_at: new Date(Date.now() + HOUR_MS).toISOString(),
})

/** Sixteen characters of the right shape that belong to nobody, because the town code Z999 does not exist. */
function codiceFiscale(number: number): string {
  const letters = [4, 3, 2, 1, 0].map((place) =>
    String.fromCharCode(65 + (Math.floor(number / 26 ** place) % 26)),
  )
  return `B${letters.join('')}85H52Z999M`
}
