import type { Knex } from 'knex'

/** How names are compared, and names of enti as long as messages of today carry them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(String.raw`
-- Letters without marks, in small letters, words parted by one blank: O'Neil = O’NEIL, Forlì = forli', Müller = muller.
-- The collation is named, because what a letter is must not depend on how the database was made.
create function folded(given text) returns text language sql immutable parallel safe strict as $$
  select trim(regexp_replace(
    replace(replace(replace(translate(
      lower(regexp_replace(normalize(given, NFKD),
        U&'[\0300-\036F''\0060\00B4\02BC\02B9\2018\2019\201B\2032\00AD\200B-\200F\2060\FEFF]', '', 'g')
        collate "pg_c_utf8"),
      U&'\00F8\0142\0111\00F0\00FE\0131\0127', 'olddtih'),
      U&'\00DF', 'ss'), U&'\00E6', 'ae'), U&'\0153', 'oe') collate "pg_c_utf8",
    '[^[:alnum:]]+', ' ', 'g'))
$$;

-- The words of a name in one order: who writes the family name first is the same person. Null without any word.
create function name_words(given text) returns text[] language sql immutable parallel safe strict as $$
  select array_agg(word order by word) from regexp_split_to_table(folded(given), ' ') word where word <> ''
$$;

alter table ente drop constraint ente_name_check;
alter table ente add constraint ente_name_check check (length(name) between 1 and 100);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
