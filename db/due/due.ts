import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { Person } from '../../domain/person.ts'
import type { SpontaneousDueType } from '../ente/ente.ts'
import { insertMaker, MADE_BY, proved, type Maker, type Proofs } from '../citizen/maker.ts'
import { uuidv7 } from '../ground/uuid.ts'
import { TODAY } from '../ground/rome.ts'

export interface NewSpontaneous {
  dueType: SpontaneousDueType
  importoCents: number
  causale: string
  pagatore: Person
  bilancio: string | undefined
  /** Present when the due gets a notice to pay later; without it the due exists only in its cart. */
  iuv?: string | undefined
  maker: Maker
}

/**
 * Stores a due that a citizen makes: an IUD of ours, due in 30 days, one share for the ente. Returns its id. Call it inside a
 * transaction, because it writes three tables. Source: docs/field/payments.md#spontaneous-dues.
 */
export async function insertSpontaneous(trx: Knex, due: NewSpontaneous): Promise<string> {
  const { dueType, importoCents, causale, pagatore, bilancio, iuv, maker } = due
  const id = uuidv7()
  await trx('due').insert({
    id,
    ente_id: dueType.enteId,
    ente_due_type_id: dueType.id,
    iud: `000${randomUUID().replaceAll('-', '')}`,
    iuv: iuv ?? null,
    bilancio: bilancio ?? null,
    importo_cents: importoCents,
    causale,
    pagatore_codice: pagatore.codice,
    pagatore: JSON.stringify(pagatore),
    due_on: trx.raw(`${TODAY} + 30`),
    spontaneous: true,
  })
  await trx('due_share').insert({
    due_id: id,
    position: 1,
    domain: dueType.enteCodiceFiscale,
    ente_id: dueType.enteId,
    ente_name: dueType.enteName,
    iban: dueType.iban,
    importo_cents: importoCents,
    dati_specifici_riscossione: dueType.datiSpecificiRiscossione,
    causale,
  })
  await insertMaker(trx, id, maker)
  return id
}

/** A due whose amount is another one than when its citizen saw it. In cents. */
export interface Repriced {
  dueId: string
  dueTypeName: string
  was: number
  is: number
}

/** Those of these dues that ask for something else than what was seen. @param seen by id, in cents */
export async function repricedDues(db: Knex, seen: ReadonlyMap<string, number>): Promise<Repriced[]> {
  if (seen.size === 0) return []
  const { rows } = await db.raw<{ rows: Repriced[] }>(
    `select d.id as "dueId", t.name as "dueTypeName", s.was, d.importo_cents as "is"
     from unnest(?::uuid[], ?::bigint[]) s (id, was) join due d on d.id = s.id and d.importo_cents <> s.was
       join ente_due_type t on t.id = d.ente_due_type_id order by d.id`,
    [[...seen.keys()], [...seen.values()]],
  )
  return rows
}

/** One row per due, in no particular order: `hasSecondary` is true when the due has a secondary beneficiary. */
export async function secondaryFlags(db: Knex, ids: readonly string[]): Promise<{ hasSecondary: boolean }[]> {
  const { rows } = await db.raw<{ rows: { hasSecondary: boolean }[] }>(
    `select exists (select from due_share s where s.due_id = d.id and s.position = 2) as "hasSecondary"
     from due d where d.id = any (?::uuid[])`,
    [[...ids]],
  )
  return rows
}

/** Cancels a due for the citizen who made it. False when somebody else made it, or when it is not payable any more. */
export async function cancelOwnDue(db: Knex, dueId: string, proofs: Proofs): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update due d set state = 'cancelled', cancelled_reason = 'payer'
     where d.id = ? and d.state = 'payable' and d.spontaneous and ${MADE_BY} returning d.id`,
    [dueId, ...proved(proofs)],
  )
  return rows.length > 0
}

/** Cancels a due that another one replaces. */
export async function replaceDue(trx: Knex, id: string): Promise<void> {
  await trx('due').where({ id }).update({ state: 'cancelled', cancelled_reason: 'replaced' })
}
