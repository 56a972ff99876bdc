import type { Knex } from 'knex'

/** The journal: every message in or out with the exact bytes, in one partition for each month. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table journal (
  id uuid not null default uuidv7(),
  at timestamptz not null default clock_timestamp(),
  direction text not null check (direction in ('in', 'out')),
  operation text not null,
  cart_id uuid,
  domain text,
  iuv text,
  attempt_code text,
  outcome text not null,
  http_status int,
  duration_ms int,
  request bytea,
  response bytea,
  primary key (id, at)
) partition by range (at);
create table journal_default partition of journal default;
create index journal_cart on journal (cart_id, at) where cart_id is not null;
create index journal_iuv on journal (iuv, at) where iuv is not null;
create index journal_domain on journal (domain, id);
create index journal_outcome on journal (outcome, id) where outcome <> 'OK';

-- Makes the partition of a month when it is missing; the sweep calls it ahead of time.
create function ensure_journal_month(day date) returns void language plpgsql as $$
declare
  first date := date_trunc('month', day)::date;
  name text := 'journal_' || to_char(day, 'YYYYMM');
begin
  if to_regclass(name) is not null then
    return;
  end if;
  execute format('create table %I partition of journal for values from (%L) to (%L)',
    name, first, (first + interval '1 month')::date);
end $$;
select ensure_journal_month(current_date);
select ensure_journal_month((current_date + interval '1 month')::date);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
