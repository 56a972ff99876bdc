import type { Knex } from 'knex'
import type { EnteState } from '../../domain/states.ts'

export interface EnteSummary {
  codIpa: string
  name: string
  localita: string | null
  provincia: string | null
}

const SUMMARY = { codIpa: 'cod_ipa', name: 'name', localita: 'localita', provincia: 'provincia' }

/** Enti in PRE-ESERCIZIO that a browser opened by their test link, by codIpa. */
export type TestEnti = readonly string[]

/** Who may see an ente: everybody from ESERCIZIO on, before that who has its test link. */
const VISIBLE = `((ente.state = 'ESERCIZIO' and 'ENTE_PUBBLICO' = any (ente.features))
  or (ente.state = 'PRE-ESERCIZIO' and ente.cod_ipa = any (?)))`

/** Citizens start payments at an ente that joined with its forms and offers them. */
const OFFERS_FORMS = `('base' = any (ente.adhesion) and 'PAGAMENTO_SPONTANEO' = any (ente.features))`

/** What an ente is found by: its name, code and place, and what can be paid to it. */
const SEARCHED = `folded(concat_ws(' ', ente.name, ente.cod_ipa, ente.localita, (select string_agg(t.name, ' ')
  from ente_due_type t where t.ente_id = ente.id and t.active)))`

/** Enti that citizens can pay, by name, one page from after a given ente on; `limit + 1` rows tell if more follow. */
export async function searchEnti(
  db: Knex,
  { q, after, limit }: { q: string; after: string | undefined; limit: number },
): Promise<EnteSummary[]> {
  const query = db('ente')
    .select(SUMMARY)
    .where({ state: 'ESERCIZIO' })
    .whereRaw(`'ENTE_PUBBLICO' = any (features)`)
    .orderBy(['name', 'cod_ipa'])
    .limit(limit)
  // Every word, in any order; folding leaves letters and digits only, so none of them is a sign of `like`.
  if (q !== '')
    void query.whereRaw(
      `folded(?) <> '' and not exists (select from regexp_split_to_table(folded(?), ' ') word
         where ${SEARCHED} not like '%' || word || '%')`,
      [q, q],
    )
  if (after !== undefined)
    void query.whereRaw('(name, cod_ipa) > (select name, cod_ipa from ente where cod_ipa = ?)', [after])
  return query
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
  /** Changes with the logo; null without one. */
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

/** The PNG, for whoever has its address: it is printed on every notice. */
export async function findLogo(db: Knex, codIpa: string): Promise<Buffer | undefined> {
  const row = (await db('ente').first('logo').where({ cod_ipa: codIpa })) as
    { logo: Buffer | null } | undefined
  return row?.logo ?? undefined
}

/** Whether this token opens that ente before its start. */
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

/** What a citizen may start by himself at that ente. */
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
  /** JSON of a FormDefinition. */
  form: unknown
  /** Account of the type, or of the ente. */
  iban: string
  datiSpecificiRiscossione: string
  /** Accepts a payer without a fiscal code. */
  anonymousPayer: boolean
  /** A notice may be printed instead of paying at once. */
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

/** A new ente that collects online; undefined when its code or codice fiscale are taken. */
export async function insertEnte(
  trx: Knex,
  values: Readonly<Record<string, unknown>>,
): Promise<{ id: string; codIpa: string } | undefined> {
  const [row] = (await trx('ente')
    .insert({ ...values, adhesion: ['base'] })
    .onConflict()
    .ignore()
    .returning(['id', 'cod_ipa as codIpa'])) as { id: string; codIpa: string }[]
  return row
}

export async function updateLogo(trx: Knex, id: string, logo: Buffer): Promise<void> {
  await trx('ente').where({ id }).update({ logo })
}

/** @throws STATE_MOVE_REFUSED where the table of moves does not know the step */
export async function updateEnteState(trx: Knex, id: string, state: EnteState): Promise<void> {
  await trx('ente').where({ id }).update({ state })
}
