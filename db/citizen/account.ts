import type { Knex } from 'knex'

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
