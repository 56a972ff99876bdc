import type { Knex } from 'knex'

/**
 * Makes every search and every order of the dues of an ente use an index, and keeps the searches that people save. It locks `due` against
 * changes while it builds its indexes: about 4 minutes for a million dues.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Functions of indexes have bodies whose names are bound here (return), because PostgreSQL computes an index without our search path.
-- The tab of the list of dues in which a due is.
create function due_tab(state text) returns text language sql immutable parallel safe
  return case when state in ('paid', 'cancelled') then 'closed' else 'open' end;

-- What the search by words finds a due by, as lexemes with a mark of where they are: its ente (e:), the words of the pagatore's name (n:)
-- and of the causale (c:). The ente is among them, because an index for words alone would read the Rossi of all enti. A text is cut at 500
-- letters, because a lexeme has a longest size. The cost keeps the planner from computing it for each due of an ente.
create function due_words(ente_id uuid, anagrafica text, causale text) returns tsvector language sql immutable parallel safe cost 2000
  return array_to_tsvector(string_to_array('e:' || ente_id
    || ' n:' || replace(left(coalesce(folded(anagrafica), ''), 500), ' ', ' n:')
    || ' c:' || replace(left(coalesce(folded(causale), ''), 500), ' ', ' c:'), ' '));
create index due_words on due using gin (due_words(ente_id, pagatore ->> 'anagrafica', causale));

-- The query for dues of this ente in which each of these words begins a word in one of the marked places. Words of one or two letters must
-- be whole words, because too many words begin with them. A text without any word finds nothing.
create function due_words_query(ente_id uuid, marks text[], given text) returns tsquery language sql immutable parallel safe as $$
  select coalesce(
    ('''e:' || ente_id || ''' & ' || string_agg('(' || (
      select string_agg('''' || mark || left(word, 500) || '''' || case when length(word) > 2 then ':*' else '' end, ' | ')
      from unnest(marks) mark) || ')', ' & '))::tsquery,
    ''::tsquery)
  from regexp_split_to_table(folded(given), ' ') word where word <> ''
$$;

-- The name by which a list is put in order. It is cut, because an index needs no more.
create function due_name(anagrafica text) returns text language sql immutable parallel safe
  return coalesce(left(folded(anagrafica), 40), '');
-- Days in order; a due without a day comes after all others.
create function due_day(due_on date) returns date language sql immutable parallel safe
  return coalesce(due_on, 'infinity');

-- One index for each order in which an operator may read a tab.
create index due_tab_id on due (ente_id, due_tab(state), id);
create index due_tab_day on due (ente_id, due_tab(state), due_day(due_on), id);
create index due_tab_amount on due (ente_id, due_tab(state), importo_cents, id);
create index due_tab_name on due (ente_id, due_tab(state), due_name(pagatore ->> 'anagrafica'), id);
create index due_tab_change on due (ente_id, due_tab(state), changed_at, id);

-- An IUD of a cancelled due is looked for too; due_ente_iud has the others.
create index due_cancelled_iud on due (ente_id, iud) where state = 'cancelled';
-- A number of a receipt is looked for without its domain.
create index attempt_iuv on attempt (iuv);

-- A search of dues that a person keeps under a name, at one ente.
create table saved_search (
  id uuid primary key default uuidv7(),
  operator_id uuid not null references operator,
  ente_id uuid not null references ente,
  name text not null check (length(name) between 1 and 60),
  -- The query of the address of the list.
  query text not null check (length(query) between 1 and 2000),
  -- A place among the person's searches: there are 20.
  slot smallint not null check (slot between 1 and 20),
  created_at timestamptz not null default now(),
  unique (operator_id, ente_id, slot)
);
create unique index saved_search_name on saved_search (operator_id, ente_id, lower(name));
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
