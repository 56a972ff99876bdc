import type { Knex } from 'knex'

/** Configuration, dues, carts, payment documents and their history. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table ente (
  id uuid primary key default uuidv7(),
  cod_ipa text not null unique,
  codice_fiscale text not null unique check (codice_fiscale ~ '^[0-9]{11}$'),
  name text not null check (length(name) between 1 and 70),
  state text not null default 'INSERITO',
  version int not null default 0,
  adhesion text[] not null default '{}',
  application_code text check (application_code ~ '^[0-9]{2}$'),
  segregation_code text not null check (segregation_code ~ '^[0-9]{2}$'),
  iban text not null,
  iban_postale text,
  indirizzo text, civico text, cap text, localita text, provincia text, nazione text,
  email text, phone text,
  created_at timestamptz not null default now()
);

create table due_type (
  code text primary key,
  name text not null,
  dati_specifici_riscossione text not null
);

create table ente_due_type (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  code text not null references due_type,
  name text not null,
  active boolean not null default true,
  spontaneous boolean not null default false,
  due_on_binding boolean not null default false,
  dati_specifici_riscossione text not null,
  iban_accredito text,
  separate_attempt boolean not null default false,
  form jsonb not null,
  created_at timestamptz not null default now(),
  unique (ente_id, code)
);

create table due (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  ente_due_type_id uuid not null references ente_due_type,
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
  tries int not null default 0,
  created_at timestamptz not null default now(),
  check ((state = 'cancelled') = (cancelled_reason is not null))
);
create unique index due_ente_iud on due (ente_id, iud) where state <> 'cancelled';
create unique index due_ente_iuv on due (ente_id, iuv) where state <> 'cancelled' and iuv is not null;
create index due_pagatore on due (pagatore_codice, due_on desc);

create table due_share (
  id uuid primary key default uuidv7(),
  due_id uuid not null references due,
  position smallint not null check (position in (1, 2)),
  domain text not null check (domain ~ '^[0-9]{11}$'),
  ente_id uuid references ente,
  ente_name text not null,
  iban text not null,
  importo_cents bigint not null check (importo_cents > 0),
  dati_specifici_riscossione text not null,
  causale text not null,
  created_at timestamptz not null default now(),
  unique (due_id, position),
  unique (due_id, domain)
);

-- The one rule of "expired", shared by pages, checks and searches: a binding day before today in Rome.
create function is_expired(due_on date, binding boolean) returns boolean stable language sql as
  $$ select binding and due_on is not null and due_on < (now() at time zone 'Europe/Rome')::date $$;

create table cart (
  id uuid primary key default uuidv7(),
  kind text not null default 'citizen' check (kind in ('citizen', 'ente')),
  state text not null default 'open',
  version int not null default 0,
  versante jsonb not null,
  carrello_id text not null unique check (length(carrello_id) <= 35),
  multi_beneficiario boolean not null default false,
  send_state text not null default 'unsent' check (send_state in ('unsent', 'in_doubt', 'accepted', 'refused')),
  send_attempts int not null default 0,
  sent_at timestamptz,
  fault_code text,
  redirect_url text,
  node_session text,
  begun_at timestamptz,
  returned_at timestamptz,
  outcome_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  check ((state in ('open', 'expired', 'archived', 'cancelled')) = (begun_at is null))
);
create index cart_node_session on cart (node_session) where node_session is not null;
create index cart_open on cart (expires_at) where state = 'open';

create table cart_item (
  cart_id uuid not null references cart,
  due_id uuid not null references due,
  position smallint not null check (position between 1 and 5),
  live boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (cart_id, due_id),
  unique (cart_id, position)
);
-- The database, not the code, refuses the twin: a due is in at most one live attempt.
create unique index cart_item_live on cart_item (due_id) where live;
create index cart_item_due on cart_item (due_id);

create table attempt (
  id uuid primary key default uuidv7(),
  cart_id uuid not null references cart,
  position smallint not null check (position between 1 and 5),
  domain text not null,
  ente_id uuid references ente,
  iuv text not null,
  ccp text not null check (length(ccp) <= 35),
  state text not null default 'created',
  version int not null default 0,
  total_cents bigint not null check (total_cents > 0),
  pagatore_email text,
  forced_reason text,
  forced_at timestamptz,
  progress text check (progress in ('unaccepted', 'under_way', 'accepted', 'receipt', 'resolved', 'closed')),
  node_answers int not null default 0,
  unknown_since timestamptz,
  next_check_at timestamptz,
  attention text,
  outcome_at timestamptz,
  created_at timestamptz not null default now(),
  unique (domain, iuv, ccp),
  unique (cart_id, position),
  -- Nobody waits without a next look.
  check (state not in ('created', 'sent') or next_check_at is not null)
);
-- What only the RPT protocol has. An attempt taken over from an older system has no row here, because its document stayed there.
create table rpt (
  attempt_id uuid primary key references attempt,
  message_id text not null unique check (length(message_id) <= 35),
  requested_at timestamptz not null,
  document bytea not null,
  node_state text
);

create index attempt_next_check on attempt (next_check_at) where state in ('created', 'sent');

create table attempt_item (
  attempt_id uuid not null references attempt,
  position smallint not null check (position between 1 and 5),
  share_id uuid not null references due_share,
  due_id uuid not null references due,
  importo_cents bigint not null check (importo_cents > 0),
  causale text not null,
  dati_specifici_riscossione text not null,
  primary key (attempt_id, position)
);
create index attempt_item_due on attempt_item (due_id);

create table receipt (
  id uuid primary key default uuidv7(),
  domain text not null,
  iuv text not null,
  ccp text not null,
  sha256 bytea not null check (length(sha256) = 32),
  document bytea not null,
  attempt_id uuid references attempt,
  cart_id uuid references cart,
  outcome text check (outcome in ('paid', 'not_paid', 'partly_paid', 'timed_out', 'timed_out_partly')),
  total_cents bigint check (total_cents >= 0),
  items jsonb not null default '[]',
  addresses text[] not null default '{}',
  source text not null check (source in ('push', 'copy')),
  answer text not null check (answer in ('accepted', 'wrong_broker', 'wrong_domain', 'wrong_station', 'unknown_attempt', 'second_receipt', 'invalid_document', 'other_payment')),
  settling boolean not null default false,
  handled_at timestamptz,
  received_at timestamptz not null default now(),
  unique (domain, iuv, ccp, sha256)
);
create unique index receipt_settling on receipt (attempt_id) where settling;
create index receipt_unhandled on receipt (received_at) where handled_at is null;
create index receipt_attempt on receipt (attempt_id);
create index receipt_cart on receipt (cart_id);

create table settlement (
  share_id uuid primary key references due_share,
  due_id uuid not null references due,
  receipt_id uuid not null references receipt,
  importo_cents bigint not null check (importo_cents > 0),
  created_at timestamptz not null default now()
);
create index settlement_due on settlement (due_id);

create table anomaly (
  id uuid primary key default uuidv7(),
  kind text not null,
  cart_id uuid references cart,
  attempt_id uuid references attempt,
  receipt_id uuid references receipt,
  due_id uuid references due,
  share_id uuid references due_share,
  -- Money that moved and that no share holds yet; placed later it becomes 0 and placed_at says when.
  unplaced_cents bigint not null default 0 check (unplaced_cents >= 0),
  placed_at timestamptz,
  details jsonb not null default '{}',
  closed_at timestamptz,
  closed_by text,
  created_at timestamptz not null default now(),
  unique nulls not distinct (kind, receipt_id, attempt_id, due_id, share_id)
);
create index anomaly_open on anomaly (created_at) where closed_at is null;
create index anomaly_due on anomaly (due_id);
create index anomaly_cart on anomaly (cart_id);

create table iuv_counter (
  domain text not null,
  segregation_code text not null,
  generator text not null,
  last_value bigint not null check (last_value > 0),
  primary key (domain, segregation_code, generator)
);

create table email_link (
  id uuid primary key default uuidv7(),
  token_hash bytea not null unique check (length(token_hash) = 32),
  address text not null,
  draft jsonb not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);

create table email (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('receipt', 'link')),
  receipt_id uuid references receipt,
  cart_id uuid references cart,
  email_link_id uuid references email_link,
  -- The link's token, kept only until the mail has left.
  secret text,
  address text not null,
  message_id text not null unique,
  state text not null default 'pending',
  version int not null default 0,
  claimed_by text,
  tries int not null default 0,
  last_answer text,
  next_try_at timestamptz not null default now() + interval '15 seconds',
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  unique (receipt_id, address),
  check ((kind = 'receipt') = (receipt_id is not null)),
  check ((kind = 'link') = (email_link_id is not null))
);
create index email_pending on email (next_try_at) where state = 'pending';

create table session (
  sid text primary key,
  sess json not null,
  expire timestamptz(6) not null
);
create index session_expire on session (expire);

create table rate_limit (
  key text primary key,
  points int not null default 0,
  expire bigint
);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
