import type { Knex } from 'knex'

/** A fetch of reporting flows that did not happen is an anomaly of its ente. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Enti whose reporting flows are fetched, and since when the sweep knows it. It needs no answer of Temporal.
create table reporting_watch (
  ente_id uuid primary key references ente,
  since timestamptz not null default now()
);

create unique index anomaly_fetch_missed on anomaly (ente_id) where kind = 'fetch_missed' and closed_at is null;
alter table anomaly add constraint anomaly_fetch_missed_ente check (kind <> 'fetch_missed' or ente_id is not null);
`)
  // The trigger would take away the ente that this kind names itself, and the index would let only one ente have it.
  await knex.raw(`do $$ declare made text; begin
  select replace(pg_get_triggerdef(oid), ' FOR EACH ROW ', ' FOR EACH ROW WHEN (new.kind <> ''fetch_missed'') ') into made
    from pg_trigger where tgrelid = 'anomaly'::regclass and tgname = 'anomaly_ente';
  drop trigger anomaly_ente on anomaly;
  execute made;
  select replace(pg_get_indexdef('anomaly_once'::regclass), ' WHERE ', ' WHERE kind <> ''fetch_missed'' AND ') into made;
  drop index anomaly_once;
  execute made;
end $$`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
