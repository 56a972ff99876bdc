import type { Knex } from 'knex'

/** Citizens who sign in, the codes that prove their new addresses, and what lists their payments. */
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
  -- scrypt of the six digits: a leaked table does not give them away in a second.
  code_hash bytea not null,
  salt bytea not null,
  tries int not null default 0,
  used_at timestamptz,
  expires_at timestamptz not null default now() + interval '24 hours',
  created_at timestamptz not null default now()
);
create index account_code_of on account_code (codice_fiscale, created_at desc);

alter table email add account_code_id uuid references account_code;
alter table email add constraint email_code_check check ((kind = 'code') = (account_code_id is not null));

alter table cart add versante_codice text generated always as (versante ->> 'codice') stored;
create index cart_versante on cart (versante_codice, begun_at desc) where begun_at is not null;

drop index due_pagatore;
create index due_pagatore on due (pagatore_codice, due_on desc nulls last, id);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
