import type { Knex } from 'knex'

/**
 * What a reported row is and what follows from it, what people decide about it, and what is still to be judged. Source:
 * docs/field/reporting.md#classes.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- A due that only a reported row had paid can be paid again when a newer revision takes the row away.
insert into state_move (entity, from_state, to_state) values ('due', 'paid', 'payable');

alter table reported_row
  add column class text,
  -- The heading of docs/field/reporting.md#rules that gave the class.
  add column rule text,
  -- What its IUV and index name: a due, and the receipt of this very payment.
  add column due_id uuid references due,
  add column receipt_id uuid references receipt,
  -- Cents by place: placed, awaited, unplaced, decided, elsewhere, revoked; a place without any is left out.
  add column places jsonb not null default '{}',
  -- A person's decision no longer agrees with the facts.
  add column is_contradicted boolean not null default false,
  add column classified_at timestamptz,
  -- Its receipt is asked for: once, or each day until it comes; and from when on it is asked for next, null for never again.
  add column asked text check (asked in ('once', 'daily')),
  add column ask_at timestamptz,
  add constraint reported_row_classified check ((class is null) = (classified_at is null)),
  -- Room for the class on the page of the row: no index has it, so the indexes need not be written a second time.
  set (fillfactor = 60);
create index reported_row_ask on reported_row (ask_at) where ask_at is not null;
-- The list of an ente, the newest first.
create index reported_row_list on reported_row (domain, id desc);

-- Rows up to this position are judged. A flow that becomes stored, or old, is judged from its first row on.
alter table reporting_flow
  add column judged_to int not null default 0,
  add column is_judged boolean not null default false;
-- Rows of an older installation are proof where they are, and no flow.
update reporting_flow set is_judged = true where psp_id = 'unknown';
create index reporting_flow_to_judge on reporting_flow (ente_id) where state = 'stored' and not is_judged;

create function reporting_flow_to_judge() returns trigger language plpgsql as $$
begin
  new.judged_to := 0;
  new.is_judged := false;
  return new;
end $$;
create trigger reporting_flow_to_judge before update of state, is_current on reporting_flow for each row
  when (old.state is distinct from new.state or old.is_current is distinct from new.is_current)
  execute function reporting_flow_to_judge();

-- IUVs whose rows are to be judged again, because the transaction that wrote the row here brought a new fact. Only ever inserted, and
-- deleted by what judged them, so that a payment never waits for it.
create table to_reconcile (
  id bigint generated always as identity primary key,
  ente_id uuid not null references ente,
  iuv text not null
);

-- True inside a transaction that judges: what it does is no new fact.
create function is_reconciling() returns boolean stable language sql as $$
  select coalesce(current_setting('mypay.reconciling', true), '') = 'on'
$$;

-- Each row is looked for by the index of IUVs, one by one, because a file adds thousands of dues and nearly none is in a flow yet.
create function dues_to_reconcile() returns trigger language plpgsql as $$
begin
  insert into to_reconcile (ente_id, iuv)
  select d.ente_id, d.iuv from after_rows d join ente e on e.id = d.ente_id
    cross join lateral (select from reported_row r where r.domain = e.codice_fiscale and r.iuv = d.iuv limit 1) reported
  where d.iuv is not null;
  return null;
end $$;
create trigger to_reconcile after insert on due referencing new table as after_rows
  for each statement execute function dues_to_reconcile();

create function due_to_reconcile() returns trigger language plpgsql as $$
begin
  if is_reconciling() then return null; end if;
  insert into to_reconcile (ente_id, iuv)
  select new.ente_id, changed.iuv from ente e, unnest(array[old.iuv, new.iuv]) changed (iuv)
  where e.id = new.ente_id and exists (select from reported_row r where r.domain = e.codice_fiscale and r.iuv = changed.iuv)
  group by 2;
  return null;
end $$;
create trigger to_reconcile_changed after update of state, iuv, importo_cents on due for each row
  when ((old.state, old.iuv, old.importo_cents) is distinct from (new.state, new.iuv, new.importo_cents))
  execute function due_to_reconcile();

create function receipt_to_reconcile() returns trigger language plpgsql as $$
begin
  insert into to_reconcile (ente_id, iuv)
  select e.id, new.iuv from ente e
  where e.codice_fiscale = new.domain and exists (select from reported_row r where r.domain = new.domain and r.iuv = new.iuv);
  return null;
end $$;
create trigger to_reconcile after insert or update of handled_at, settling on receipt for each row
  execute function receipt_to_reconcile();

-- What a person decided about a payment, which is an IUR and an index of an IUV, so that it also holds in a newer revision.
create table reported_decision (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  iuv text not null,
  iur text not null,
  transfer_index smallint,
  -- The row that the person saw, and its class.
  reported_row_id uuid not null references reported_row,
  seen_class text not null,
  kind text not null check (kind in ('accepted', 'linked', 'refunded')),
  -- The due that gets the money.
  due_id uuid references due,
  reason text not null check (length(reason) between 1 and 500),
  decided_at timestamptz not null default now(),
  decided_by uuid not null references operator,
  decided_by_name text not null,
  taken_back_at timestamptz,
  taken_back_by uuid references operator,
  taken_back_by_name text,
  check ((kind = 'linked') = (due_id is not null)),
  check ((taken_back_at is null) = (taken_back_by is null)),
  check ((taken_back_at is null) = (taken_back_by_name is null))
);
-- One for a row: the revocation of a payment, or a double of it, is decided apart from the payment.
create unique index reported_decision_once on reported_decision (reported_row_id) where taken_back_at is null;
create index reported_decision_payment on reported_decision (ente_id, iuv);

-- Anomalies of rows: one of each kind for a row, while it is open.
alter table anomaly add column reported_row_id uuid references reported_row;
create index anomaly_reported on anomaly (reported_row_id) where reported_row_id is not null;
create unique index anomaly_reported_once on anomaly (kind, reported_row_id) where reported_row_id is not null and closed_at is null;
drop index anomaly_once;
create unique index anomaly_once on anomaly (kind, receipt_id, attempt_id, due_id, share_id) nulls not distinct
  where kind not in ('partial_shares', 'withdrawn') and reported_row_id is null;

create or replace function anomaly_ente() returns trigger language plpgsql as $$
begin
  new.ente_id := coalesce(
    (select d.ente_id from due d where d.id = new.due_id),
    (select d.ente_id from attempt_item i join due d on d.id = i.due_id where i.attempt_id = new.attempt_id
      order by i.position limit 1),
    (select e.id from receipt r join ente e on e.codice_fiscale = r.domain where r.id = new.receipt_id),
    (select f.ente_id from reported_row r join reporting_flow f on f.id = r.reporting_flow_id where r.id = new.reported_row_id));
  return new;
end $$;

-- A settlement by a row that gave way: its money went with the row, or a receipt took its place. On no anomaly.
alter table withdrawn_settlement alter column anomaly_id drop not null;

create function settlement_proved() returns trigger language plpgsql as $$
begin
  insert into withdrawn_settlement (share_id, due_id, receipt_id, reported_row_id, importo_cents, paid_on, settled_at)
  select o.share_id, o.due_id, o.receipt_id, o.reported_row_id, o.importo_cents, o.paid_on, o.created_at
  from before_rows o join after_rows n on n.share_id = o.share_id
  where (o.receipt_id, o.reported_row_id) is distinct from (n.receipt_id, n.reported_row_id);
  return null;
end $$;
create trigger settlement_proved after update on settlement referencing old table as before_rows new table as after_rows
  for each statement execute function settlement_proved();

create function figure_resettled() returns trigger language plpgsql as $$
begin
  insert into figure_delta (kind, ente_due_type_id, day, items, cents)
  select 'paid', d.ente_due_type_id, c.paid_on, sum(c.items), sum(c.items * c.importo_cents)
  from (select n.*, 1 as items from after_rows n union all select o.*, -1 from before_rows o) c
    join due_share sh on sh.id = c.share_id and sh.position = 1 join due d on d.id = c.due_id
  group by 2, 3 having sum(c.items) <> 0 or sum(c.items * c.importo_cents) <> 0;
  return null;
end $$;
create trigger figure_changed after update on settlement referencing old table as before_rows new table as after_rows
  for each statement execute function figure_resettled();

-- Up to which day of payment receipts were looked for in flows. Those of before are of a time without flows.
create table unreported_check (
  is_one boolean primary key default true check (is_one),
  up_to date not null
);
insert into unreported_check (up_to) values ((now() at time zone 'Europe/Rome')::date - 1);
`)
  await knex.raw(`
create view c_reporting as
  select f.id, f.domain, f.flow_id as flow, f.psp_id as psp, f.revision, f.state, f.is_current as current, f.rows, f.rows_cents as cents,
    f.declared_payments as declared_rows, f.declared_cents, f.flags, f.is_judged as judged, f.stored_at, f.psp_id = 'unknown' as older
  from reporting_flow f;
create view c_reported as
  select r.id, r.reporting_flow_id as flow, r.iuv, r.importo_cents as cents, r.code, r.class, r.places
  from reported_row r;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
