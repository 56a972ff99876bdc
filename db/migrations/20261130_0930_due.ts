import type { Knex } from 'knex'

/** Dues, their shares, who made them, and the counters of their numbers. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(String.raw`
create table due (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  ente_due_type_id uuid not null references ente_due_type,
  -- In one Unicode form (NFC).
  iud text not null check (length(iud) between 1 and 35),
  iuv text check (length(iuv) in (15, 17, 25)),
  state text not null default 'payable',
  version int not null default 0,
  cancelled_reason text,
  importo_cents bigint not null check (importo_cents > 0 and importo_cents <= 99999999999),
  causale text not null check (length(causale) between 1 and 1024),
  pagatore_codice text not null,
  pagatore jsonb not null,
  due_on date,
  spontaneous boolean not null default false,
  bilancio text,
  tipo_versamento text not null default 'ALL',
  commissione_cents bigint check (commissione_cents >= 0),
  -- The row of its file asked for an IUV of the platform.
  generates_iuv boolean not null default false,
  tries int not null default 0,
  -- The file that wrote it last, and its row there; null for a due of a citizen or an operator.
  flow_id uuid references flow,
  flow_row int,
  -- Hash of the values that its last row gave; null when something else changed it since.
  content_hash bytea,
  changed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  check ((state = 'cancelled') = (cancelled_reason is not null))
);
create unique index due_ente_iud on due (ente_id, iud) where state <> 'cancelled';
create unique index due_ente_iuv on due (ente_id, iuv) where state <> 'cancelled' and iuv is not null;
create index due_pagatore on due (pagatore_codice, due_on desc nulls last, id);
-- A notice is looked for by its number, whoever its ente is; cancelled rows answer too.
create index due_iuv on due (iuv, pagatore_codice) where iuv is not null;
create index due_flow on due (flow_id, iud) where flow_id is not null;
create index due_ente_state on due (ente_id, state, id desc);

-- A due of a file begins with its file, because a million rows would be a million births.
create trigger record_birth after insert on due for each row when (new.flow_id is null)
  execute function record_birth();
create trigger guard_move before update of state on due for each row execute function guard_move();

create function stamp_change() returns trigger language plpgsql as $$
begin
  new.changed_at := clock_timestamp();
  return new;
end $$;
create trigger stamp_change before update on due for each row execute function stamp_change();

create table due_share (
  id uuid primary key default uuidv7(),
  due_id uuid not null references due,
  position smallint not null check (position in (1, 2)),
  domain text not null check (domain ~ '^[0-9]{11}$'),
  ente_id uuid references ente,
  ente_name text not null,
  -- Address of a second beneficiary, as its file gave it.
  address jsonb,
  iban text not null,
  importo_cents bigint not null check (importo_cents > 0),
  dati_specifici_riscossione text not null,
  causale text not null,
  created_at timestamptz not null default now(),
  unique (due_id, position),
  unique (due_id, domain)
);

-- Who made a due that a citizen started: the account that had signed in, or else a keyed hash of the address that was proved.
create table due_maker (
  due_id uuid primary key references due,
  account text,
  address bytea check (length(address) = 32),
  -- Keyed hashes, for the limits: the mailbox behind the address, and the client's network.
  mailbox bytea not null check (length(mailbox) = 32),
  network bytea not null check (length(network) = 32),
  made_at timestamptz not null default now(),
  check ((account is null) <> (address is null))
);
create index due_maker_mailbox on due_maker (mailbox, made_at);
create index due_maker_network on due_maker (network, made_at);

create table iuv_counter (
  domain text not null,
  segregation_code text not null,
  generator text not null,
  last_value bigint not null check (last_value > 0),
  primary key (domain, segregation_code, generator)
);

-- Progressives that an older system has given already: the counter jumps over them.
create table iuv_range (
  domain text not null,
  segregation_code text not null,
  generator text not null,
  first_value bigint not null check (first_value > 0),
  last_value bigint not null check (last_value >= first_value),
  -- Who uses them, for people: "MyPay 3, notices printed until 2026".
  reason text not null check (length(reason) between 1 and 200),
  created_at timestamptz not null default now(),
  primary key (domain, segregation_code, generator, first_value)
);

-- Draws the next wanted progressives, one after the other, none of them in a used range; answers the first. The row of the counter
-- stays locked until the caller commits, so that nobody draws one of them twice.
create function draw_progressives(domain text, segregation_code text, generator text, wanted int)
returns bigint language plpgsql as $$
declare
  first bigint;
  used record;
begin
  insert into iuv_counter as c (domain, segregation_code, generator, last_value) values ($1, $2, $3, $4)
    on conflict on constraint iuv_counter_pkey do update set last_value = c.last_value + $4
    returning c.last_value - $4 + 1 into first;
  for used in select r.first_value, r.last_value from iuv_range r
    where r.domain = $1 and r.segregation_code = $2 and r.generator = $3 and r.last_value >= first
    order by r.first_value
  loop
    exit when used.first_value >= first + wanted;
    first := greatest(first, used.last_value + 1);
    update iuv_counter c set last_value = first + wanted - 1
      where c.domain = $1 and c.segregation_code = $2 and c.generator = $3;
  end loop;
  return first;
end $$;

-- The one rule of "expired", shared by pages, checks and searches: a binding day before today in Rome.
create function is_expired(due_on date, binding boolean) returns boolean stable language sql as
  $$ select binding and due_on is not null and due_on < (now() at time zone 'Europe/Rome')::date $$;

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

-- The words of a name in one order: a person who writes the family name first is the same person. Null without any word.
create function name_words(given text) returns text[] language sql immutable parallel safe strict as $$
  select array_agg(word order by word) from regexp_split_to_table(folded(given), ' ') word where word <> ''
$$;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
