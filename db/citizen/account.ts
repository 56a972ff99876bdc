import type { Knex } from 'knex'

/**
 * Stores a citizen who signed in, and returns the address of the account. The address of the identity provider is used only when the
 * account has none.
 */
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
