import type { Knex } from 'knex'

export interface EnteSummary {
  codIpa: string
  name: string
  localita: string | null
  provincia: string | null
}

const SUMMARY = { codIpa: 'cod_ipa', name: 'name', localita: 'localita', provincia: 'provincia' }

/** Enti that citizens can pay, by name, one page from after a given ente on; `limit + 1` rows tell if more follow. */
export async function searchEnti(
  db: Knex,
  { q, after, limit }: { q: string; after: string | undefined; limit: number },
): Promise<EnteSummary[]> {
  const query = db('ente')
    .select(SUMMARY)
    .where({ state: 'ESERCIZIO' })
    .orderBy(['name', 'cod_ipa'])
    .limit(limit)
  const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`
  if (q !== '')
    void query.where((any) => {
      void any.whereILike('name', pattern).orWhereILike('cod_ipa', pattern).orWhereILike('localita', pattern)
    })
  if (after !== undefined)
    void query.whereRaw('(name, cod_ipa) > (select name, cod_ipa from ente where cod_ipa = ?)', [after])
  return query
}

export async function findEnte(db: Knex, codIpa: string): Promise<EnteSummary | undefined> {
  return db('ente').first(SUMMARY).where({ cod_ipa: codIpa, state: 'ESERCIZIO' }) as unknown as Promise<
    EnteSummary | undefined
  >
}

export interface TipoSummary {
  code: string
  name: string
}

/** What a citizen may start by himself at that ente. */
export async function spontaneousTipi(db: Knex, codIpa: string): Promise<TipoSummary[]> {
  return db('ente_tipo_dovuto as t')
    .join('ente', 'ente.id', 't.ente_id')
    .select({ code: 't.code', name: 't.name' })
    .where({ 'ente.cod_ipa': codIpa, 'ente.state': 'ESERCIZIO', 't.active': true, 't.spontaneous': true })
    .orderBy('t.name')
}

export interface SpontaneousTipo {
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
}

export async function findSpontaneousTipo(
  db: Knex,
  { codIpa, code }: { codIpa: string; code: string },
): Promise<SpontaneousTipo | undefined> {
  const { rows } = await db.raw<{ rows: SpontaneousTipo[] }>(
    `select t.id, e.id as "enteId", e.name as "enteName", e.codice_fiscale as "enteCodiceFiscale",
       e.cod_ipa as "codIpa", t.code, t.name, t.form, coalesce(t.iban_accredito, e.iban) as iban,
       t.dati_specifici_riscossione as "datiSpecificiRiscossione"
     from ente_tipo_dovuto t join ente e on e.id = t.ente_id
     where e.cod_ipa = ? and t.code = ? and e.state = 'ESERCIZIO' and t.active and t.spontaneous`,
    [codIpa, code],
  )
  return rows[0]
}
