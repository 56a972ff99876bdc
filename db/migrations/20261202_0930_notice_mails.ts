import type { Knex } from 'knex'

/**
 * Notices by mail: which types send them, the queue and log of notices, and who stopped them. It reads `email` once for its new check
 * (some seconds for a million mails).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table ente_due_type
  -- A mail to the debtor when a due is born.
  add column mail_notice boolean not null default false,
  -- A mail some days before the due date.
  add column mail_reminder boolean not null default false,
  add column mail_reminder_days smallint not null default 7 check (mail_reminder_days between 1 and 60);

insert into state_move (entity, from_state, to_state) values ('email', 'pending', 'dropped');

-- A notice that is to be sent, or was. It is the queue and the log; the mail itself is a row of email, made when its turn comes. There is no
-- address here, because the one of that moment counts.
create table notice_mail (
  id uuid primary key default uuidv7(),
  due_id uuid not null references due,
  ente_id uuid not null references ente,
  kind text not null check (kind in ('born', 'reminder', 'asked')),
  -- What makes a second one of its kind another one: the due date that a reminder is about, the day on which a person asked.
  occasion date,
  -- A day of Rome.
  booked_on date not null default (now() at time zone 'Europe/Rome')::date,
  -- waiting for its turn, then the state of its mail.
  outcome text not null default 'waiting' check (outcome in ('waiting', 'pending', 'sent', 'failed', 'dropped')),
  -- Why it was not sent (domain/notice/mail.ts).
  reason text,
  -- When it got its outcome.
  told_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  constraint notice_mail_once unique nulls not distinct (due_id, kind, occasion),
  check ((kind = 'born') = (occasion is null)),
  check ((outcome = 'dropped') = (reason is not null))
);
-- One a day for a due, whatever it is.
create unique index notice_mail_day on notice_mail (due_id, booked_on) where outcome <> 'dropped';

-- What a person asked for goes first, then what has a date.
create function notice_rank(kind text) returns int language sql immutable parallel safe
  return case kind when 'asked' then 1 when 'reminder' then 2 else 3 end;
create index notice_mail_waiting on notice_mail (ente_id, notice_rank(kind), id) where outcome = 'waiting';
create index notice_mail_ente on notice_mail (ente_id, id);
create index notice_mail_outcome on notice_mail (ente_id, outcome, id);

-- When the next notices may leave. One row: who holds it lets notices out.
create table notice_pace (
  id boolean primary key default true check (id),
  next_at timestamptz not null default now()
);
insert into notice_pace default values;

-- How far the dues of an ente were read for the reminders of a day of Rome.
create table reminder_round (
  ente_id uuid primary key references ente,
  on_day date not null,
  after_day date not null,
  after_id uuid not null,
  is_done boolean not null default false
);

-- Who wants no notices by mail: of an ente, or of any (null). The address is a hash, because only equality is ever asked.
create table mail_stop (
  address_hash bytea not null check (length(address_hash) = 32),
  ente_id uuid references ente,
  stopped_at timestamptz not null default now(),
  unique nulls not distinct (address_hash, ente_id)
);
create function address_hash(address text) returns bytea language sql immutable parallel safe
  return sha256(convert_to(lower(trim(address)), 'UTF8'));

alter table email drop constraint email_kind_check;
alter table email
  add column notice_mail_id uuid unique references notice_mail,
  add constraint email_kind_check check (kind in
    ('receipt', 'link', 'code', 'deferred', 'flow', 'export', 'change', 'address', 'anomalies', 'notice')),
  add constraint email_notice check ((kind = 'notice') = (notice_mail_id is not null));

create function tell_notice_mail() returns trigger language plpgsql as $$
begin
  update notice_mail set outcome = new.state, told_at = now(), reason = case when new.state = 'dropped' then new.last_answer end
  where id = new.notice_mail_id;
  return null;
end $$;
-- What the money checker reads of notices. over_at: since when their due is paid or cancelled, for ever.
create view c_notice as
  select n.id, n.due_id as due, n.outcome, m.id as mail, m.state as mail_state, m.message_id, m.address, m.sent_at,
    (select min(v.at) from event v where v.entity = 'due' and v.entity_id = n.due_id and v.to_state in ('paid', 'cancelled')) as over_at
  from notice_mail n left join email m on m.notice_mail_id = n.id;

create trigger tell_notice_mail after update of state on email for each row
  when (new.notice_mail_id is not null and new.state <> old.state) execute function tell_notice_mail();
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
