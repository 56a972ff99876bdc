import type { Knex } from 'knex'

/** Address of a citizen who signs in: the one he proved, else the first that the provider told. */
export async function findAccountEmail(db: Knex, codiceFiscale: string): Promise<string | undefined> {
  const row = (await db('citizen_account').first('email').where({ codice_fiscale: codiceFiscale })) as
    { email: string | null } | undefined
  return row?.email ?? undefined
}

/** The provider's address counts only where nobody has proved another. Answers the address in force. */
export async function rememberCitizen(
  db: Knex,
  { codiceFiscale, email }: { codiceFiscale: string; email: string | undefined },
): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { email: string | null }[] }>(
    `insert into citizen_account (codice_fiscale, email) values (?, ?)
     on conflict (codice_fiscale) do update set email = coalesce(citizen_account.email, excluded.email)
     returning email`,
    [codiceFiscale, email ?? null],
  )
  return rows[0]!.email ?? undefined
}
