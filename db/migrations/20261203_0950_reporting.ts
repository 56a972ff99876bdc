import type { Knex } from 'knex'

/** Reporting flows of pagoPA: when they were asked for, what came, byte for byte, and each payment that they list. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
insert into state_move (entity, from_state, to_state) values ('reporting_flow', 'listed', 'stored');

-- One fetch for one ente.
create table reporting_run (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  -- The process that runs it; a fetch that starts twice under one name is one run.
  process_id text not null unique,
  -- The person who asked for it; null for one of the schedule.
  operator_id uuid references operator,
  -- The first day asked for, where a person named one.
  from_on date,
  listed int not null default 0,
  stored int not null default 0,
  -- 'OK', or the code of what ended it; null while it runs.
  outcome text,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((outcome is null) = (ended_at is null))
);
create index reporting_run_ente on reporting_run (ente_id, id desc);

create table reporting_flow (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  -- The organization that was asked for it; the receiver that the document names may be another one.
  domain text not null check (domain ~ '^[0-9]{11}$'),
  -- identificativoFlusso, as it came: one that breaks the rules is stored and flagged.
  flow_id text not null check (length(flow_id) between 1 and 255),
  psp_id text not null check (length(psp_id) between 1 and 255),
  revision int not null check (revision > 0),
  state text not null default 'listed',
  version int not null default 0,
  -- The newest stored revision. Older ones stay, with their rows.
  is_current boolean not null default false,
  source text not null check (source in ('rest', 'soap')),
  -- dataOraFlusso, and when pagoPA made it available.
  flow_at timestamptz not null,
  published_at timestamptz,
  -- identificativoUnivocoRegolamento and dataRegolamento: the transfer that the flow explains.
  regulation text,
  regulated_on date,
  bic text,
  psp_name text,
  receiver text,
  declared_payments bigint,
  declared_cents bigint,
  rows int not null default 0,
  -- The sum of the rows in cents, revoked ones subtracted.
  rows_cents bigint not null default 0,
  pages int,
  -- How often the numbers of its payments repeated: it is fetched anew once, and from the second time its payments are numbered by place.
  repeats smallint not null default 0,
  flags text[] not null default '{}',
  -- The header as it came.
  header bytea,
  created_at timestamptz not null default now(),
  stored_at timestamptz,
  check ((state = 'stored') = (stored_at is not null)),
  check (not is_current or state = 'stored'),
  constraint reporting_flow_key unique (domain, flow_id, psp_id, revision)
);
-- The database, not the code, refuses two current revisions.
create unique index reporting_flow_current on reporting_flow (domain, flow_id, psp_id) where is_current;
create index reporting_flow_list on reporting_flow (ente_id, flow_at desc, id desc);
create index reporting_flow_published on reporting_flow (ente_id, published_at desc);
create index reporting_flow_listed on reporting_flow (ente_id) where state = 'listed';
create trigger record_birth after insert on reporting_flow for each row execute function record_birth();
create trigger guard_move before update of state on reporting_flow for each row execute function guard_move();

-- The pages of payments of a flow, byte for byte.
create table reporting_page (
  reporting_flow_id uuid not null references reporting_flow,
  number int not null check (number > 0),
  document bytea not null,
  primary key (reporting_flow_id, number)
);

alter table reported_row
  add column reporting_flow_id uuid references reporting_flow,
  -- The page that lists it.
  add column page int not null default 1,
  -- idTransfer: which transfer of the payment, 1 to 5.
  add column transfer_index smallint,
  -- The state of the payment in the words of pagoPA, also one that nobody knows.
  add column code text not null default 'EXECUTED',
  -- What the document says in place of an amount that is no number of cents.
  add column amount_text text,
  -- Fields that it lacks or has in a form that cannot be read.
  add column faults text[] not null default '{}',
  alter column importo_cents drop not null,
  alter column paid_on drop not null,
  add constraint reported_row_amount check ((importo_cents is null) = (amount_text is not null));

-- Rows that were stored before flows had a table of their own.
insert into reporting_flow (ente_id, domain, flow_id, psp_id, revision, source, flow_at, rows, rows_cents)
select ente.id, r.domain, r.flow_id, 'unknown', r.revision, 'soap', min(r.created_at), count(*), sum(r.importo_cents)
from reported_row r join ente on ente.codice_fiscale = r.domain group by ente.id, r.domain, r.flow_id, r.revision;
update reporting_flow set state = 'stored', stored_at = now();
update reporting_flow f set is_current = true
  where revision = (select max(o.revision) from reporting_flow o where o.domain = f.domain and o.flow_id = f.flow_id);
update reported_row r set reporting_flow_id = f.id
  from reporting_flow f where f.domain = r.domain and f.flow_id = r.flow_id and f.revision = r.revision;

alter table reported_row
  alter column reporting_flow_id set not null,
  alter column code drop default,
  alter column page drop default,
  drop column flow_id,
  drop column revision,
  add constraint reported_row_place unique (reporting_flow_id, position);

-- How the schedule of an ente was left in Temporal, so that only changes are told.
create table reporting_schedule (
  ente_id uuid primary key references ente,
  is_active boolean not null
);

-- At most four requests run at once with one subscription, and two for one ente. A place that nobody gave back is free after its time.
create table reporting_slot (
  number smallint primary key,
  ente_id uuid,
  held_by uuid,
  -- Null for one that is free.
  held_until timestamptz
);
insert into reporting_slot (number) select generate_series(1, 4);

-- Until when nobody asks with this subscription, because pagoPA said so.
create table reporting_pause (
  is_one boolean primary key default true check (is_one),
  until timestamptz,
  -- Refusals in a row without a time: each doubles the wait.
  refusals int not null default 0
);
insert into reporting_pause default values;
`)
  await knex.raw(`do $$ begin
  execute 'create or replace view c_state as ' || rtrim(pg_get_viewdef('c_state'::regclass), '; ')
    || ' union all select ''reporting_flow'', id, state, version from reporting_flow';
end $$`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
