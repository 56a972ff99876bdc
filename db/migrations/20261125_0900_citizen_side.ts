import type { Knex } from 'knex'

/** What the citizen's pages and documents need of enti and their types, and the language people chose. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table ente
  -- What the ente switched on: pages appear and go with it.
  add features text[] not null default '{ENTE_PUBBLICO,PAGAMENTO_SPONTANEO}',
  -- PNG, at most 250 x 250.
  add logo bytea,
  add cbill text check (cbill ~ '^[A-Z0-9]{5}$'),
  add postal_authorization text check (postal_authorization ~ '^AUT.*DEL.*' and length(postal_authorization) <= 50),
  add second_language text check (second_language in ('en', 'de')),
  add info text check (length(info) <= 1000),
  add site text,
  -- Opens an ente in PRE-ESERCIZIO to who has its test link.
  add test_token text not null unique default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');

alter table ente_due_type
  add settore text check (length(settore) <= 50),
  -- The due is started on this page of somebody else instead of our form.
  add external_url text check (external_url ~ '^https{0,1}://'),
  -- Accepts a payer without a fiscal code (ANONIMO).
  add anonymous_payer boolean not null default false,
  add print_due_on boolean not null default true,
  add notice_enabled boolean not null default true,
  add postal_account text check (postal_account ~ '^[0-9]{1,12}$'),
  add postal_account_name text check (length(postal_account_name) <= 50);

alter table cart add language text not null default 'it' check (language in ('it', 'en', 'de'));
alter table email add language text not null default 'it' check (language in ('it', 'en', 'de'));
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check check (kind in ('receipt', 'link', 'code', 'deferred'));
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
