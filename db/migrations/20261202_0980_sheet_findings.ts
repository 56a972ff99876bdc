import type { Knex } from 'knex'

/**
 * What an operator wants to know of a file beside its rejected rows. The new columns have defaults, so no table is read or written anew.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table draft
  -- The operator sent it with the button that only checks.
  add column wants_check boolean not null default false,
  -- Where the rows are in the sheet (domain/flow/sheet/numbers.ts).
  add column sheet_rows jsonb;

alter table flow
  add column sheet_rows jsonb,
  -- What its rows show that is no reason to reject them: numbers of rows and amounts only (domain/flow/findings.ts).
  add column findings jsonb;

-- A row of a check has no due that shows later rows of the file that it was there.
alter table flow_unchanged
  add column row int,
  -- Hash of payer, amount, type and day of the row.
  add column twin bytea;
create index flow_unchanged_twin on flow_unchanged (flow_id, twin) where twin is not null;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
