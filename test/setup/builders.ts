import { randomInt, randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { addCartItem, insertCart } from '../../db/payment/cart.ts'
import { iuv17 } from '../../domain/iuv.ts'
import type { Person } from '../../domain/person.ts'

/** Builders have valid defaults, so that a test states only what matters to it. Persons are invented. */
export const PAYER: Person = {
  tipo: 'F',
  codice: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}

export interface TestEnte {
  id: string
  dueTypeId: string
  codiceFiscale: string
  codIpa: string
}

export async function anEnte(
  db: Knex,
  given: { codiceFiscale?: string; state?: string } = {},
): Promise<TestEnte> {
  const codiceFiscale = given.codiceFiscale ?? String(randomInt(10_000_000_000, 99_999_999_999))
  const codIpa = `c_${codiceFiscale}`
  const [ente] = (await db('ente')
    .insert({
      cod_ipa: codIpa,
      codice_fiscale: codiceFiscale,
      name: 'Comune di Prova',
      state: given.state ?? 'ESERCIZIO',
      segregation_code: '12',
      application_code: '12',
      iban: 'IT61H9999912345000000000001',
    })
    .returning('id')) as { id: string }[]
  await db('due_type')
    .insert({ code: 'MENSA', name: 'Mensa', dati_specifici_riscossione: '9/0107101TS/' })
    .onConflict()
    .ignore()
  const [dueType] = (await db('ente_due_type')
    .insert({
      ente_id: ente!.id,
      code: 'MENSA',
      name: 'Mensa',
      spontaneous: true,
      due_on_binding: true,
      dati_specifici_riscossione: '9/0107101TS/',
      form: '{}',
    })
    .returning('id')) as { id: string }[]
  return { id: ente!.id, dueTypeId: dueType!.id, codiceFiscale, codIpa }
}

export interface GivenDue {
  cents?: number
  /** Progressive number of an IUV of 17 digits; with it the due has a notice. */
  progressive?: number
  pagatore?: Person
  dueOn?: string
  /** A second beneficiary and its share. */
  secondary?: { domain: string; cents: number }
}

export async function aDue(db: Knex, ente: TestEnte, given: GivenDue = {}): Promise<string> {
  const cents = given.cents ?? 1050
  const pagatore = given.pagatore ?? PAYER
  const total = cents + (given.secondary?.cents ?? 0)
  const iuv =
    given.progressive === undefined ? null : iuv17({ segregationCode: '12', progressive: given.progressive })
  const [row] = (await db('due')
    .insert({
      ente_id: ente.id,
      ente_due_type_id: ente.dueTypeId,
      iud: `000${randomUUID().replaceAll('-', '')}`,
      iuv,
      importo_cents: total,
      causale: `Mensa ${randomUUID()}`,
      pagatore_codice: pagatore.codice,
      pagatore: JSON.stringify(pagatore),
      due_on: given.dueOn ?? null,
      spontaneous: iuv === null,
    })
    .returning('id')) as { id: string }[]
  await db('due_share').insert(shareRows(row!.id, ente, cents, given.secondary))
  return row!.id
}

function shareRows(
  dueId: string,
  ente: TestEnte,
  cents: number,
  secondary: GivenDue['secondary'],
): Record<string, unknown>[] {
  const common = { due_id: dueId, dati_specifici_riscossione: '9/0107101TS/', causale: 'Mensa' }
  const primary = {
    ...common,
    position: 1,
    domain: ente.codiceFiscale,
    ente_id: ente.id,
    ente_name: 'Comune di Prova',
    iban: 'IT61H9999912345000000000001',
    importo_cents: cents,
  }
  if (!secondary) return [primary]
  const second = {
    ...common,
    position: 2,
    domain: secondary.domain,
    ente_id: null,
    ente_name: 'Provincia di Prova',
    iban: 'IT32I9999954321000000000002',
    importo_cents: secondary.cents,
  }
  return [primary, second]
}

export async function aCart(db: Knex, dueIds: readonly string[], versante: Person = PAYER): Promise<string> {
  const cartId = await insertCart(db, { kind: 'citizen', versante })
  for (const dueId of dueIds) await addCartItem(db, cartId, dueId)
  return cartId
}
