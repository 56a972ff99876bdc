import type { Knex } from 'knex'
import type { EnteState } from '../../domain/states.ts'
import { rowOf, rowsOf } from '../ground/rows.ts'
import { inOrder, reading, type Turn } from '../ground/turn.ts'

export interface EnteSummary {
  codIpa: string
  name: string
  localita: string | null
  provincia: string | null
}

const SUMMARY = { codIpa: 'cod_ipa', name: 'name', localita: 'localita', provincia: 'provincia' }

/** codIpa of the enti in PRE-ESERCIZIO that this browser opened by their test link. */
export type TestEnti = readonly string[]

/** SQL condition: everybody finds the ente in the list of enti. */
const IS_PUBLIC = `ente.state = 'ESERCIZIO' and 'ENTE_PUBBLICO' = any (ente.features)`

/** SQL condition: citizens may see the ente. Everybody in ESERCIZIO; in PRE-ESERCIZIO a browser that opened its test link. */
const VISIBLE = `((${IS_PUBLIC})
  or (ente.state = 'PRE-ESERCIZIO' and ente.cod_ipa = any (?)))`

/** SQL condition: the ente collects with forms (adhesion `base`) and has switched them on. */
const OFFERS_FORMS = `('base' = any (ente.adhesion) and 'PAGAMENTO_SPONTANEO' = any (ente.features))`

/** SQL: the text that a search looks in: name, code and place of an ente, and the names of its active types of due. */
const SEARCHED = `folded(concat_ws(' ', ente.name, ente.cod_ipa, ente.localita, (select string_agg(t.name, ' ')
  from ente_due_type t where t.ente_id = ente.id and t.active)))`

/** One page of the enti that citizens can pay, in order of name. Their place is their codIpa. */
export async function searchEnti(db: Knex, q: string, turn: Turn<string>): Promise<EnteSummary[]> {
  const { order, beyond } = reading(turn, 'asc')
  const query = db('ente')
    .select(SUMMARY)
    .whereRaw(IS_PUBLIC)
    .orderBy([
      { column: 'name', order },
      { column: 'cod_ipa', order },
    ])
    .limit(turn.limit)
  // Every word must occur, in any order. Words need no escaping for `like`, because `folded` leaves only letters and digits.
  if (q !== '')
    void query.whereRaw(
      `folded(?) <> '' and not exists (select from regexp_split_to_table(folded(?), ' ') word
         where ${SEARCHED} not like '%' || word || '%')`,
      [q, q],
    )
  if (turn.place !== undefined)
    void query.whereRaw(`(name, cod_ipa) ${beyond} (select name, cod_ipa from ente where cod_ipa = ?)`, [
      turn.place,
    ])
  return inOrder(turn, await rowsOf<EnteSummary>(query))
}

/** The name of an ente that everybody finds in the list of enti; undefined for the others. */
export async function publicEnteName(db: Knex, codIpa: string): Promise<string | undefined> {
  const row = await rowOf<{ name: string }>(
    db('ente').first('name').where({ cod_ipa: codIpa }).whereRaw(IS_PUBLIC),
  )
  return row?.name
}

export interface EntePage extends EnteSummary {
  isTesting: boolean
  info: string | null
  site: string | null
  email: string | null
  phone: string | null
  indirizzo: string | null
  civico: string | null
  cap: string | null
  /** Part of a hash of the logo, for its address, so that a browser loads a new logo at once. Null without a logo. */
  logoVersion: string | null
}

export async function findEnte(db: Knex, codIpa: string, tests: TestEnti): Promise<EntePage | undefined> {
  const { rows } = await db.raw<{ rows: EntePage[] }>(
    `select cod_ipa as "codIpa", name, localita, provincia, state <> 'ESERCIZIO' as "isTesting", info, site, email, phone,
       indirizzo, civico, cap, left(encode(sha256(logo), 'hex'), 16) as "logoVersion"
     from ente where cod_ipa = ? and ${VISIBLE}`,
    [codIpa, [...tests]],
  )
  return rows[0]
}

/** The PNG of an ente in any state. It needs no permission, because it is printed on every notice. */
export async function findLogo(db: Knex, codIpa: string): Promise<Buffer | undefined> {
  const row = await rowOf<{ logo: Buffer | null }>(db('ente').first('logo').where({ cod_ipa: codIpa }))
  return row?.logo ?? undefined
}

/** True when this token opens the ente, which must be in PRE-ESERCIZIO. */
export async function opensForTest(db: Knex, codIpa: string, token: string): Promise<boolean> {
  const row: unknown = await db('ente')
    .first('id')
    .where({ cod_ipa: codIpa, test_token: token, state: 'PRE-ESERCIZIO' })
  return row !== undefined
}

export interface DueTypeSummary {
  code: string
  name: string
  externalUrl: string | null
}

/** The types of due of an ente that citizens may start, in order of name. */
export async function spontaneousDueTypes(
  db: Knex,
  codIpa: string,
  tests: TestEnti,
): Promise<DueTypeSummary[]> {
  return db('ente_due_type as t')
    .join('ente', 'ente.id', 't.ente_id')
    .select({ code: 't.code', name: 't.name', externalUrl: 't.external_url' })
    .where({ 'ente.cod_ipa': codIpa, 't.active': true, 't.spontaneous': true })
    .whereRaw(OFFERS_FORMS)
    .whereRaw(VISIBLE, [[...tests]])
    .orderBy('t.name')
}

export interface SpontaneousDueType {
  id: string
  enteId: string
  enteName: string
  enteCodiceFiscale: string
  codIpa: string
  code: string
  name: string
  /** A FormDefinition (domain/form/definition.ts) that is not checked yet. */
  form: unknown
  /** Account of the type, or else of the ente. */
  iban: string
  datiSpecificiRiscossione: string
  /** True when the pagatore may have no fiscal code. */
  anonymousPayer: boolean
  /** True when a notice may be printed instead of paying at once. */
  noticeEnabled: boolean
  segregationCode: string
}

export async function findSpontaneousDueType(
  db: Knex,
  { codIpa, code, tests }: { codIpa: string; code: string; tests: TestEnti },
): Promise<SpontaneousDueType | undefined> {
  const { rows } = await db.raw<{ rows: SpontaneousDueType[] }>(
    `select t.id, ente.id as "enteId", ente.name as "enteName", ente.codice_fiscale as "enteCodiceFiscale",
       ente.cod_ipa as "codIpa", t.code, t.name, t.form, coalesce(t.iban_accredito, ente.iban) as iban,
       t.dati_specifici_riscossione as "datiSpecificiRiscossione", t.anonymous_payer as "anonymousPayer",
       t.notice_enabled as "noticeEnabled", ente.segregation_code as "segregationCode"
     from ente_due_type t join ente on ente.id = t.ente_id
     where ente.cod_ipa = ? and t.code = ? and t.active and t.spontaneous and t.external_url is null
       and ${OFFERS_FORMS} and ${VISIBLE}`,
    [codIpa, code, [...tests]],
  )
  return rows[0]
}

/** Stores a new ente with the adhesion `base`. Undefined when another ente has its codIpa or codice fiscale. */
export async function insertEnte(
  trx: Knex,
  values: Readonly<Record<string, unknown>>,
): Promise<{ id: string; codIpa: string } | undefined> {
  return rowOf<{ id: string; codIpa: string }>(
    trx('ente')
      .insert({ ...values, adhesion: ['base'] })
      .onConflict()
      .ignore()
      .returning(['id', 'cod_ipa as codIpa']),
  )
}

export async function updateLogo(trx: Knex, id: string, logo: Buffer): Promise<void> {
  await trx('ente').where({ id }).update({ logo })
}

/** @throws AppError STATE_MOVE_REFUSED when the table of moves does not have this move */
export async function updateEnteState(trx: Knex, id: string, state: EnteState): Promise<void> {
  await trx('ente').where({ id }).update({ state })
}
