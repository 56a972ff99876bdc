import type { Knex } from 'knex'
import { shieldPng } from './seed-logo.ts'
import { insertedId, rowOf, rowsOf } from '../ground/rows.ts'
import { romeDay } from '../../domain/calendar.ts'
import { formDefinitionSchema } from '../../domain/form/definition.ts'
import { iuv17 } from '../../domain/iuv.ts'
import { seedDues } from '../../domain/seed/dues.ts'
import { seedEnti } from '../../domain/seed/enti.ts'
import type { SeedDue, SeedEnte, SeedDueType } from '../../domain/seed/model.ts'
import { seedOperators, type SeedOperator } from '../../domain/seed/operators.ts'
import { seedDueTypes } from '../../domain/seed/due-types.ts'
import { seedTributi } from '../../domain/seed/tributi.ts'

/** Inserts the demo enti with their types, people and dues, and returns the ids of the enti by codIpa. Existing rows do not change. */
export async function insertDemo(trx: Knex): Promise<Map<string, string>> {
  await insertTributi(trx)
  const enti = await insertEnti(trx)
  const dueTypes = await insertDueTypes(trx, enti)
  for (const operator of seedOperators) await insertOperator(trx, operator, enti, dueTypes)
  const { rows } = await trx.raw<{ rows: { now: string }[] }>('select now()')
  for (const due of seedDues(romeDay(rows[0]!.now))) await insertDue(trx, due, enti, dueTypes)
  await raiseCounters(trx)
  return enti
}

async function insertTributi(trx: Knex): Promise<void> {
  await trx('due_type')
    .insert(
      seedTributi.map(({ code, name, datiSpecificiRiscossione }) => ({
        code,
        name,
        dati_specifici_riscossione: datiSpecificiRiscossione,
      })),
    )
    .onConflict('code')
    .ignore()
}

/** Returns the ids by codIpa. */
async function insertEnti(trx: Knex): Promise<Map<string, string>> {
  const rows = seedEnti.map((ente) => ({
    cod_ipa: ente.codIpa,
    codice_fiscale: ente.codiceFiscale,
    name: ente.name,
    state: ente.state,
    adhesion: [...ente.adhesion],
    segregation_code: ente.segregationCode,
    iban: ente.iban,
    iban_postale: ente.ibanPostale ?? null,
    cbill: ente.cbill,
    postal_authorization: ente.postalAuthorization ?? null,
    second_language: ente.secondLanguage ?? null,
    info: ente.info ?? null,
    logo: shieldPng(ente.colour),
    ...addressOf(ente),
  }))
  await trx('ente').insert(rows).onConflict('cod_ipa').ignore()
  const codes = rows.map((row) => row.cod_ipa)
  const found = await rowsOf<{ id: string; cod_ipa: string }>(
    trx('ente').whereIn('cod_ipa', codes).select('id', 'cod_ipa'),
  )
  return new Map(found.map((row) => [row.cod_ipa, row.id]))
}

function addressOf(ente: SeedEnte): Record<string, string> {
  const { indirizzo, civico, cap, localita, provincia, nazione, email, phone } = ente
  return { indirizzo, civico, cap, localita, provincia, nazione, email, phone }
}

/** Returns the ids by codIpa and code, with a space between. */
async function insertDueTypes(trx: Knex, enti: Map<string, string>): Promise<Map<string, string>> {
  await trx('ente_due_type')
    .insert(seedDueTypes.map((dueType) => dueTypeRow(dueType, enti.get(dueType.codIpa)!)))
    .onConflict(['ente_id', 'code'])
    .ignore()
  const found = await rowsOf<{ id: string; code: string; cod_ipa: string }>(
    trx('ente_due_type as t').join('ente as e', 'e.id', 't.ente_id').select('t.id', 't.code', 'e.cod_ipa'),
  )
  return new Map(found.map((row) => [`${row.cod_ipa} ${row.code}`, row.id]))
}

function dueTypeRow(dueType: SeedDueType, enteId: string): Record<string, unknown> {
  return {
    ente_id: enteId,
    code: dueType.code,
    name: dueType.name,
    active: dueType.active,
    spontaneous: dueType.spontaneous,
    due_on_binding: dueType.dueOnBinding,
    dati_specifici_riscossione: dueType.datiSpecificiRiscossione,
    iban_accredito: dueType.ibanAccredito ?? null,
    postal_account: dueType.postalAccount ?? null,
    form: JSON.stringify(formDefinitionSchema.parse(dueType.form)),
  }
}

/** Inserts a person with his grants, or nothing when he exists, so that a grant that was removed does not come back at the next start. */
async function insertOperator(
  trx: Knex,
  operator: SeedOperator,
  enti: Map<string, string>,
  dueTypes: Map<string, string>,
): Promise<void> {
  const { codiceFiscale, name, email, isPlatformAdmin, grants } = operator
  const row = await rowOf<{ id: string }>(
    trx('operator')
      .insert({
        codice_fiscale: codiceFiscale,
        name,
        email: isPlatformAdmin ? email : null,
        platform_admin: isPlatformAdmin,
      })
      .onConflict('codice_fiscale')
      .ignore()
      .returning('id'),
  )
  if (!row) return
  for (const { codIpa, role, dueTypes: codes = [] } of grants) {
    const given = { operator_id: row.id, ente_id: enti.get(codIpa)! }
    await trx('operator_grant').insert({ ...given, role, email })
    for (const code of codes)
      await trx('operator_due_type').insert({
        ...given,
        ente_due_type_id: dueTypes.get(`${codIpa} ${code}`)!,
      })
  }
}

async function insertDue(
  trx: Knex,
  due: SeedDue,
  enti: Map<string, string>,
  dueTypes: Map<string, string>,
): Promise<void> {
  const ente = seedEnti.find(({ codIpa }) => codIpa === due.codIpa)!
  const enteId = enti.get(ente.codIpa)!
  // A due in any state counts, so that a demo due that somebody cancelled does not come back at the next start.
  if (await trx('due').first('id').where({ ente_id: enteId, iud: due.iud })) return
  const dueId = await insertedId(
    trx('due')
      .insert({
        ente_id: enteId,
        ente_due_type_id: dueTypes.get(`${ente.codIpa} ${due.dueType}`)!,
        iud: due.iud,
        iuv: iuv17({ segregationCode: ente.segregationCode, progressive: due.progressive }),
        importo_cents: due.importo,
        causale: due.causale,
        pagatore_codice: due.pagatore.codice,
        pagatore: JSON.stringify(due.pagatore),
        due_on: due.dueOn,
      })
      .returning('id'),
  )
  await trx('due_share').insert(shareRows(dueId, due, ente, enteId))
}

function shareRows(dueId: string, due: SeedDue, ente: SeedEnte, enteId: string): Record<string, unknown>[] {
  const dueType = seedDueTypes.find(({ codIpa, code }) => codIpa === ente.codIpa && code === due.dueType)!
  const { secondary, importo, causale } = due
  const primary = {
    due_id: dueId,
    position: 1,
    domain: ente.codiceFiscale,
    ente_id: enteId,
    ente_name: ente.name,
    iban: dueType.ibanAccredito ?? ente.iban,
    importo_cents: importo - (secondary?.importo ?? 0),
    dati_specifici_riscossione: dueType.datiSpecificiRiscossione,
    causale,
  }
  if (!secondary) return [primary]
  const second = {
    ...primary,
    position: 2,
    domain: secondary.domain,
    ente_id: null,
    ente_name: secondary.name,
    iban: secondary.iban,
    importo_cents: secondary.importo,
    dati_specifici_riscossione: secondary.datiSpecificiRiscossione,
  }
  return [primary, second]
}

/** Moves the counter of each ente past the numbers of its demo dues, so that no new due gets one of them. */
async function raiseCounters(trx: Knex): Promise<void> {
  const dues = seedDues('2026-01-01')
  for (const ente of seedEnti) {
    const numbers = dues.filter(({ codIpa }) => codIpa === ente.codIpa).map(({ progressive }) => progressive)
    if (numbers.length === 0) continue
    await trx.raw(
      `insert into iuv_counter (domain, segregation_code, generator, last_value) values (?, ?, 'iuv17', ?)
       on conflict (domain, segregation_code, generator)
         do update set last_value = greatest(iuv_counter.last_value, excluded.last_value)`,
      [ente.codiceFiscale, ente.segregationCode, Math.max(...numbers)],
    )
  }
}
