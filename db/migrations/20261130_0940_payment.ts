import type { Knex } from 'knex'

/** Carts, attempts to pay, receipts and the settlement of shares. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table cart (
  id uuid primary key default uuidv7(),
  -- Filled by a citizen, opened by the software of an ente, or begun by a PSP with a printed notice.
  kind text not null default 'citizen' check (kind in ('citizen', 'ente', 'psp')),
  state text not null default 'open',
  version int not null default 0,
  versante jsonb not null,
  versante_codice text generated always as (versante ->> 'codice') stored,
  language text not null default 'it' check (language in ('it', 'en', 'de')),
  -- The PSP that activated it: identificativoPSP, its intermediary and channel, the amount it named.
  psp jsonb,
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
  -- The browser came back with a good outcome once: from then on no page leads back to the page of the node.
  returned_ok boolean not null default false,
  -- The payer chose to pay later: the page says that days may pass. Only words follow from it.
  deferred boolean not null default false,
  outcome_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  check ((state in ('open', 'expired', 'archived', 'cancelled')) = (begun_at is null)),
  check ((kind = 'psp') = (psp is not null))
);
create index cart_node_session on cart (node_session) where node_session is not null;
create index cart_open on cart (expires_at) where state = 'open';
create index cart_versante on cart (versante_codice, begun_at desc) where begun_at is not null;
create trigger record_birth after insert on cart for each row execute function record_birth();
create trigger guard_move before update of state on cart for each row execute function guard_move();

create function tell_payment() returns trigger language plpgsql as $$
begin
  perform pg_notify('payment', new.id::text);
  return null;
end $$;
create trigger tell_payment after update of state, redirect_url, returned_at, returned_ok, deferred on cart
  for each row when (old.state is distinct from new.state
    or old.redirect_url is distinct from new.redirect_url
    or old.returned_at is distinct from new.returned_at
    or old.returned_ok is distinct from new.returned_ok
    or old.deferred is distinct from new.deferred)
  execute function tell_payment();

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
  -- The protocol's code that tells two attempts for one IUV apart (CCP).
  attempt_code text not null check (length(attempt_code) <= 35),
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
  constraint attempt_key unique (domain, iuv, attempt_code),
  unique (cart_id, position),
  -- An attempt that waits always has a next look.
  check (state not in ('created', 'sent') or next_check_at is not null)
);
create index attempt_next_check on attempt (next_check_at) where state in ('created', 'sent');
create trigger record_birth after insert on attempt for each row execute function record_birth();
create trigger guard_move before update of state on attempt for each row execute function guard_move();

-- What only the RPT protocol has. An attempt taken over from an older system has no row here, because its document stayed there.
create table rpt (
  attempt_id uuid primary key references attempt,
  message_id text not null unique check (length(message_id) <= 35),
  requested_at timestamptz not null,
  document bytea not null,
  node_state text
);

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
  attempt_code text not null,
  sha256 bytea not null check (length(sha256) = 32),
  document bytea not null,
  attempt_id uuid references attempt,
  cart_id uuid references cart,
  outcome text check (outcome in ('paid', 'not_paid', 'partly_paid', 'timed_out', 'timed_out_partly')),
  total_cents bigint check (total_cents >= 0),
  items jsonb not null default '[]',
  -- What the document says, read once when it came: an export of a million rows cannot read a million documents.
  details jsonb,
  addresses text[] not null default '{}',
  source text not null check (source in ('push', 'copy')),
  answer text not null check (answer in ('accepted', 'wrong_broker', 'wrong_domain', 'wrong_station', 'unknown_attempt',
    'second_receipt', 'invalid_document', 'other_payment')),
  settling boolean not null default false,
  handled_at timestamptz,
  received_at timestamptz not null default now(),
  unique (domain, iuv, attempt_code, sha256)
);
create unique index receipt_settling on receipt (attempt_id) where settling;
create index receipt_unhandled on receipt (received_at) where handled_at is null;
create index receipt_attempt on receipt (attempt_id);
create index receipt_cart on receipt (cart_id);
create index receipt_unread on receipt (id) where details is null and settling;

-- A payment as a reporting flow of pagoPA lists it. It may settle a share for which no receipt came.
create table reported_row (
  id uuid primary key default uuidv7(),
  -- The reporting flow (identificativoFlusso), its revision, and the row's place in it.
  flow_id text not null check (length(flow_id) between 1 and 35),
  revision int not null default 1 check (revision > 0),
  position int not null check (position > 0),
  domain text not null check (domain ~ '^[0-9]{11}$'),
  iuv text not null,
  -- identificativoUnivocoRiscossione: the PSP's own number of the payment.
  iur text not null,
  importo_cents bigint not null,
  paid_on date not null,
  created_at timestamptz not null default now(),
  unique (domain, flow_id, revision, position)
);
create index reported_row_iuv on reported_row (domain, iuv);

-- The money of a share, and what proves it: a receipt, or a reported row where no receipt came.
create table settlement (
  share_id uuid primary key references due_share,
  due_id uuid not null references due,
  receipt_id uuid references receipt,
  reported_row_id uuid references reported_row,
  importo_cents bigint not null check (importo_cents > 0),
  -- The day its proof says; exports are asked by it.
  paid_on date,
  created_at timestamptz not null default now(),
  constraint settlement_one_proof check (num_nonnulls(receipt_id, reported_row_id) = 1)
);
create index settlement_due on settlement (due_id);
create index settlement_paid_on on settlement (paid_on, share_id);

create function settlement_day() returns trigger language plpgsql as $$
begin
  if new.receipt_id is null then
    select r.paid_on into new.paid_on from reported_row r where r.id = new.reported_row_id;
    return new;
  end if;
  select coalesce((receipt.details -> 'items' -> (i.position - 1) ->> 'outcomeOn')::date,
      (receipt.received_at at time zone 'Europe/Rome')::date)
    into new.paid_on
  from receipt left join attempt_item i on i.attempt_id = receipt.attempt_id and i.share_id = new.share_id where receipt.id = new.receipt_id;
  return new;
end $$;
create trigger settlement_day before insert on settlement for each row execute function settlement_day();

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
create index anomaly_attempt on anomaly (attempt_id) where closed_at is null;

create function tell_anomaly() returns trigger language plpgsql as $$
begin
  perform pg_notify('payment', new.cart_id::text);
  return null;
end $$;
create trigger tell_anomaly after insert or update of closed_at, unplaced_cents, cart_id on anomaly
  for each row when (new.cart_id is not null) execute function tell_anomaly();
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
