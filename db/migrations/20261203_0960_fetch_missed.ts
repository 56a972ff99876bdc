import type { Knex } from 'knex'

/** A fetch of reporting flows that did not happen is an anomaly of its ente. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Enti whose reporting flows are fetched, and since when the sweep knows it. It needs no answer of Temporal.
create table reporting_watch (
  ente_id uuid primary key references ente,
  since timestamptz not null default now()
);

-- An anomaly about no due, attempt or receipt names its ente itself.
create or replace function anomaly_ente() returns trigger language plpgsql as $$
begin
  new.ente_id := coalesce(
    (select d.ente_id from due d where d.id = new.due_id),
    (select d.ente_id from attempt_item i join due d on d.id = i.due_id where i.attempt_id = new.attempt_id
      order by i.position limit 1),
    (select e.id from receipt r join ente e on e.codice_fiscale = r.domain where r.id = new.receipt_id),
    new.ente_id);
  return new;
end $$;

drop index anomaly_once;
create unique index anomaly_once on anomaly (kind, receipt_id, attempt_id, due_id, share_id) nulls not distinct
  where kind not in ('partial_shares', 'withdrawn', 'fetch_missed');
create unique index anomaly_fetch_missed on anomaly (ente_id) where kind = 'fetch_missed' and closed_at is null;
alter table anomaly add constraint anomaly_fetch_missed_ente check (kind <> 'fetch_missed' or ente_id is not null);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
