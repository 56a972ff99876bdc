import type { Knex } from 'knex'

/** Indexes for the one box of support: a payment is found by mail address, amount, day and the name of who paid. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create index email_address on email (lower(address)) where cart_id is not null;
create index cart_versante_email on cart (lower(versante ->> 'email')) where versante ->> 'email' is not null;
-- The words of a name as lexemes, cut like those of a due.
create function payer_words(name text) returns tsvector language sql immutable parallel safe
  return array_to_tsvector(string_to_array(left(coalesce(folded(name), ''), 500), ' '));
create index cart_versante_words on cart using gin (payer_words(versante ->> 'anagrafica')) where begun_at is not null;

-- The query for names in which each of these words begins a word; words of one or two letters must be whole. A text without any word
-- finds nothing.
create function name_query(mark text, given text) returns tsquery language sql immutable parallel safe as $$
  select coalesce(string_agg('''' || mark || left(word, 500) || '''' || case when length(word) > 2 then ':*' else '' end, ' & '), '')::tsquery
  from regexp_split_to_table(folded(given), ' ') word where word <> ''
$$;

create index cart_begun on cart (begun_at) where begun_at is not null;
create index attempt_total on attempt (total_cents, id);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
