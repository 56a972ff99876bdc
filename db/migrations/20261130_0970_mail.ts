import type { Knex } from 'knex'

/** Mails. Each one is stored with what it is about before a process sends it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table email (
  id uuid primary key default uuidv7(),
  kind text not null check (kind in ('receipt', 'link', 'code', 'deferred', 'flow', 'export', 'change', 'address')),
  receipt_id uuid references receipt,
  cart_id uuid references cart,
  email_link_id uuid references email_link,
  account_code_id uuid references account_code,
  flow_id uuid references flow,
  export_id uuid references export,
  event_id bigint references event,
  -- The token of a link or the digits of a code, kept only until the mail has left.
  secret text,
  address text not null,
  language text not null default 'it' check (language in ('it', 'en', 'de')),
  message_id text not null unique,
  state text not null default 'pending',
  version int not null default 0,
  claimed_by text,
  tries int not null default 0,
  -- How often it was handed to the mail server without an answer that says whether it was taken.
  in_doubt int not null default 0 check (in_doubt >= 0),
  last_answer text,
  next_try_at timestamptz not null default now() + interval '15 seconds',
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  unique (receipt_id, address),
  constraint email_event_address unique (event_id, address),
  check ((kind = 'receipt') = (receipt_id is not null)),
  check ((kind = 'link') = (email_link_id is not null)),
  check ((kind = 'code') = (account_code_id is not null)),
  check ((kind = 'flow') = (flow_id is not null)),
  check ((kind = 'export') = (export_id is not null)),
  check ((kind = 'change') = (event_id is not null))
);
create index email_pending on email (next_try_at) where state = 'pending';
create trigger record_birth after insert on email for each row execute function record_birth();
create trigger guard_move before update of state on email for each row execute function guard_move();
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
