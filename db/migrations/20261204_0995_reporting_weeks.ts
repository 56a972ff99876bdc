import type { Knex } from 'knex'

/**
 * What came in each week, for the home pages: collected, reported by pagoPA, credited by the bank, and not explained. The sweep counts a week
 * again after it changed.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
set local statement_timeout = 0;
-- Sums of a week of an ente, which begins on this Monday: all of it, each type of due, and the reported payments of no due of the ente.
create table reporting_week (
  ente_id uuid not null references ente,
  week date not null check (extract(isodow from week) = 1),
  part text not null check (part in ('all', 'type', 'none')),
  ente_due_type_id uuid references ente_due_type,
  collected_items bigint not null default 0,
  collected_cents bigint not null default 0,
  reported_items bigint not null default 0,
  reported_cents bigint not null default 0,
  open_items bigint not null default 0,
  open_cents bigint not null default 0,
  -- Credits of the bank; only for all of the week, because a credit has no type.
  credited_items bigint not null default 0,
  credited_cents bigint not null default 0,
  uncredited_items bigint not null default 0,
  uncredited_cents bigint not null default 0,
  check ((part = 'type') = (ente_due_type_id is not null)),
  constraint reporting_week_key unique nulls not distinct (ente_id, week, part, ente_due_type_id)
);
create index reporting_week_all on reporting_week (week, ente_id) where part = 'all';

-- Weeks that changed since they were counted. Only ever inserted, and deleted by what counts them, so that nobody waits for it.
create table reporting_week_stale (
  id bigint generated always as identity primary key,
  ente_id uuid not null,
  week date not null
);
create index reporting_week_stale_key on reporting_week_stale (ente_id, week);

create function week_of(day date) returns date immutable language sql as $$ select date_trunc('week', day::timestamp)::date $$;

-- A flow is of the week in which it was made.
create function week_of_flow(flow_at timestamptz) returns date immutable language sql as $$
  select date_trunc('week', timezone('Europe/Rome', flow_at))::date
$$;
create index reporting_flow_week on reporting_flow (ente_id, week_of_flow(flow_at)) where is_current;

-- What counting the rows of a week gives; parts without anything are left out.
create function reporting_week_of_rows(ente uuid, monday date) returns table (part text, ente_due_type_id uuid,
  collected_items bigint, collected_cents bigint, reported_items bigint, reported_cents bigint, open_items bigint, open_cents bigint,
  credited_items bigint, credited_cents bigint, uncredited_items bigint, uncredited_cents bigint) stable language sql as $$
  with collected as (
    select n.ente_due_type_id as type, n.items, n.cents from ente_due_type t join figure_now n on n.ente_due_type_id = t.id
    where t.ente_id = ente and n.kind = 'paid' and n.day between monday and monday + 6
  ), listed as (
    select d.ente_due_type_id as type, coalesce(case when r.code = 'REVOKED' then -abs(r.importo_cents) else r.importo_cents end, 0) as cents,
      r.class is null or r.class = 'receipt_missing'
        or exists (select from anomaly a where a.reported_row_id = r.id and a.closed_at is null) as is_open
    from reporting_flow f join reported_row r on r.reporting_flow_id = f.id left join due d on d.id = r.due_id and d.ente_id = ente
    where f.ente_id = ente and f.is_current and week_of_flow(f.flow_at) = monday
  ), credit as (
    select c.cents, exists (select from treasury_tie x where x.credit_id = c.id and x.state in ('certain', 'accepted')) as is_tied
    from treasury_credit c where c.ente_id = ente and c.booked_on between monday and monday + 6 and c.is_seen and c.twin_id is null and c.cents > 0
  ), parts as (
    select type, items as ci, cents as cc, 0::bigint as ri, 0::bigint as rc, 0::bigint as oi, 0::bigint as oc from collected
    union all
    select type, 0, 0, count(*), sum(cents), count(*) filter (where is_open), coalesce(sum(cents) filter (where is_open), 0)
    from listed group by type
  ), sums as (
    select case when grouping(type) = 1 then 'all' when type is null then 'none' else 'type' end as part, type,
      coalesce(sum(ci), 0)::bigint as ci, coalesce(sum(cc), 0)::bigint as cc, coalesce(sum(ri), 0)::bigint as ri,
      coalesce(sum(rc), 0)::bigint as rc, coalesce(sum(oi), 0)::bigint as oi, coalesce(sum(oc), 0)::bigint as oc
    from parts group by grouping sets ((), (type))
  ), bank as (
    select count(*) filter (where is_tied) as bi, coalesce(sum(cents) filter (where is_tied), 0)::bigint as bc,
      count(*) filter (where not is_tied) as ui, coalesce(sum(cents) filter (where not is_tied), 0)::bigint as uc from credit
  )
  select s.part, s.type, s.ci, s.cc, s.ri, s.rc, s.oi, s.oc, coalesce(b.bi, 0), coalesce(b.bc, 0), coalesce(b.ui, 0), coalesce(b.uc, 0)
  from sums s left join bank b on s.part = 'all'
  where s.ci <> 0 or s.cc <> 0 or s.ri <> 0 or b.bi <> 0 or b.ui <> 0
$$;

create function rows_change_weeks() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week)
  select distinct f.ente_id, week_of_flow(f.flow_at) from reporting_flow f
  where f.is_current and f.id in (select r.reporting_flow_id from after_rows r);
  return null;
end $$;
create trigger rows_change_weeks after update on reported_row referencing new table as after_rows
  for each statement execute function rows_change_weeks();

create function flow_changes_week() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week) values (new.ente_id, week_of_flow(new.flow_at));
  return null;
end $$;
create trigger flow_changes_week after update of is_current on reporting_flow for each row
  when (old.is_current is distinct from new.is_current) execute function flow_changes_week();

create function anomaly_changes_week() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week)
  select f.ente_id, week_of_flow(f.flow_at) from reported_row r join reporting_flow f on f.id = r.reporting_flow_id
  where r.id = new.reported_row_id and f.is_current;
  return null;
end $$;
create trigger anomaly_changes_week after insert or update of closed_at on anomaly for each row
  when (new.reported_row_id is not null) execute function anomaly_changes_week();

create function credit_changes_week() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week)
  select new.ente_id, week_of(day) from unnest(array[new.booked_on, case when tg_op = 'UPDATE' then old.booked_on end]) day where day is not null;
  return null;
end $$;
create trigger credit_changes_week after insert or update of cents, booked_on, is_seen, twin_id on treasury_credit for each row
  execute function credit_changes_week();

create function tie_changes_week() returns trigger language plpgsql as $$
begin
  insert into reporting_week_stale (ente_id, week) select c.ente_id, week_of(c.booked_on) from treasury_credit c where c.id = new.credit_id;
  return null;
end $$;
create trigger tie_changes_week after insert or update of state on treasury_tie for each row execute function tie_changes_week();

-- Everything that is here already.
create view week_with_rows as
  select t.ente_id, week_of(n.day) as week from figure_now n join ente_due_type t on t.id = n.ente_due_type_id where n.kind = 'paid'
  union select ente_id, week_of_flow(flow_at) from reporting_flow where is_current
  union select c.ente_id, week_of(c.booked_on) from treasury_credit c where c.is_seen and c.twin_id is null and c.cents > 0;
insert into reporting_week_stale (ente_id, week) select ente_id, week from week_with_rows;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
