import type { Knex } from 'knex'

/** Citizens who sign in, the codes that prove their new addresses, and the links that open a draft. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table citizen_account (
  codice_fiscale text primary key,
  email text,
  created_at timestamptz not null default now()
);

create table account_code (
  id uuid primary key default uuidv7(),
  codice_fiscale text not null references citizen_account,
  address text not null,
  -- scrypt of the six digits, so that a leaked table does not give them away in a second.
  code_hash bytea not null,
  salt bytea not null,
  tries int not null default 0,
  used_at timestamptz,
  expires_at timestamptz not null default now() + interval '24 hours',
  created_at timestamptz not null default now()
);
create index account_code_of on account_code (codice_fiscale, created_at desc);

create table email_link (
  id uuid primary key default uuidv7(),
  token_hash bytea not null unique check (length(token_hash) = 32),
  address text not null,
  draft jsonb not null,
  -- Fiscal code of the person who had signed in; null when nobody had.
  asked_by text,
  -- The cart that the link opened: a used link leads to it.
  cart_id uuid references cart,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
