import type { Knex } from 'knex'

/**
 * Anomalies that people work on: their states with moves and history, the ente that owns them, how they ended and why. Money that is
 * taken off a due keeps its row in `withdrawn_settlement`.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
insert into state_move (entity, from_state, to_state) values
  ('anomaly', 'open', 'to_return'), ('anomaly', 'open', 'closed'), ('anomaly', 'to_return', 'open'), ('anomaly', 'to_return', 'closed');

alter table anomaly
  add column state text not null default 'open',
  add column version int not null default 0,
  -- The ente whose money it is; null when no ente of ours is named.
  add column ente_id uuid references ente,
  -- How it ended.
  add column resolution text check (resolution in ('given', 'returned', 'accepted', 'made_payable', 'settled')),
  add column reason text check (length(reason) between 1 and 500),
  -- The number of the payment order with which the money went back.
  add column return_reference text check (length(return_reference) between 1 and 140),
  add column closed_by_id uuid references operator,
  -- When the people of the ente were told by mail.
  add column told_at timestamptz;

update anomaly set state = 'closed', resolution = 'settled' where closed_at is not null;
-- The history of rows older than the history begins with the state that they have.
insert into event (entity, entity_id, seq, kind, to_state, at) select 'anomaly', id, 0, 'born', state, created_at from anomaly;
create trigger record_birth after insert on anomaly for each row execute function record_birth();
create trigger guard_move before update of state on anomaly for each row execute function guard_move();

alter table anomaly
  add constraint anomaly_closed check ((state = 'closed') = (closed_at is not null)),
  add constraint anomaly_resolved check ((state = 'closed') = (resolution is not null)),
  add constraint anomaly_returned check ((resolution is not distinct from 'returned') = (return_reference is not null)),
  -- Only a settlement closes an anomaly without a person.
  add constraint anomaly_signed check (state <> 'closed' or resolution = 'settled' or (closed_by_id is not null and reason is not null));

-- The dues that an anomaly is about: its own, or all of its attempt.
create function anomaly_dues(anomaly) returns setof uuid language sql stable as $$
  select $1.due_id where $1.due_id is not null
  union
  select i.due_id from attempt_item i where $1.due_id is null and i.attempt_id = $1.attempt_id
$$;

create function anomaly_ente() returns trigger language plpgsql as $$
begin
  new.ente_id := coalesce(
    (select d.ente_id from due d where d.id = new.due_id),
    (select d.ente_id from attempt_item i join due d on d.id = i.due_id where i.attempt_id = new.attempt_id
      order by i.position limit 1),
    (select e.id from receipt r join ente e on e.codice_fiscale = r.domain where r.id = new.receipt_id));
  return new;
end $$;
create trigger anomaly_ente before insert or update of due_id, attempt_id, receipt_id on anomaly
  for each row execute function anomaly_ente();
-- Fires the trigger for the rows that are there.
update anomaly set receipt_id = receipt_id;

-- A due may lack the money of a share again after somebody made it payable, so only an open anomaly of these kinds keeps out a second.
alter table anomaly drop constraint anomaly_kind_receipt_id_attempt_id_due_id_share_id_key;
create unique index anomaly_once on anomaly (kind, receipt_id, attempt_id, due_id, share_id) nulls not distinct
  where kind not in ('partial_shares', 'withdrawn');
create unique index anomaly_once_open on anomaly (kind, receipt_id, attempt_id, due_id, share_id) nulls not distinct
  where kind in ('partial_shares', 'withdrawn') and closed_at is null;

create index anomaly_ente_open on anomaly (ente_id, id) where closed_at is null;
create index anomaly_ente_all on anomaly (ente_id, id);
create index anomaly_untold on anomaly (created_at) where told_at is null and closed_at is null;

-- A settlement that a person took off its due. Its money is on an anomaly again.
create table withdrawn_settlement (
  id uuid primary key default uuidv7(),
  share_id uuid not null references due_share,
  due_id uuid not null references due,
  receipt_id uuid references receipt,
  reported_row_id uuid references reported_row,
  importo_cents bigint not null check (importo_cents > 0),
  paid_on date,
  settled_at timestamptz not null,
  anomaly_id uuid not null references anomaly,
  withdrawn_at timestamptz not null default now()
);
create index withdrawn_settlement_due on withdrawn_settlement (due_id);

drop view c_anomaly;
create view c_anomaly as
  select id, kind, receipt_id as receipt, due_id as due, unplaced_cents as cents, closed_at, state, resolution, reason,
    closed_by_id as person, return_reference as reference
  from anomaly;

create or replace view c_state as
  select 'cart' as entity, id, state, version from cart
  union all select 'attempt', id, state, version from attempt
  union all select 'due', id, state, version from due
  union all select 'email', id, state, version from email
  union all select 'ente', id, state, version from ente
  union all select 'flow', id, state, version from flow
  union all select 'export', id, state, version from export
  union all select 'approval', id, state, version from approval
  union all select 'anomaly', id, state, version from anomaly;

-- Mails about new anomalies, for the people of an ente who want them.
alter table operator_grant add column wants_anomalies boolean not null default false;
alter table email drop constraint email_kind_check;
alter table email
  add column ente_id uuid references ente,
  -- What a mail says that no other row has: counts and sums, never a person.
  add column facts jsonb,
  add constraint email_kind_check check (kind in ('receipt', 'link', 'code', 'deferred', 'flow', 'export', 'change', 'address', 'anomalies')),
  add constraint email_anomalies check ((kind = 'anomalies') = (ente_id is not null and facts is not null));
-- The day of the last mail about anomalies without money; there is one a day.
create table anomaly_digest (
  ente_id uuid primary key references ente,
  told_on date not null
);

-- Since when support has nothing to look at. One row, kept by the sweep.
create table quiet (
  id boolean primary key default true check (id),
  since timestamptz
);
create index email_failed on email (created_at) where state = 'failed';

-- A share that gets the money of another attempt is not in that attempt: the day is then the one of its first payment.
create or replace function settlement_day() returns trigger language plpgsql as $$
begin
  if new.receipt_id is null then
    select r.paid_on into new.paid_on from reported_row r where r.id = new.reported_row_id;
    return new;
  end if;
  select coalesce((receipt.details -> 'items' -> (coalesce(i.position, 1) - 1) ->> 'outcomeOn')::date,
      (receipt.received_at at time zone 'Europe/Rome')::date)
    into new.paid_on
  from receipt left join attempt_item i on i.attempt_id = receipt.attempt_id and i.share_id = new.share_id where receipt.id = new.receipt_id;
  return new;
end $$;

-- An approval without an ente is one of the region alone.
alter table approval alter column ente_id drop not null;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
