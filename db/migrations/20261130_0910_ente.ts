import type { Knex } from 'knex'

/** Enti, their types of due, the people and the software that work for them, and requests that need a second person. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table ente (
  id uuid primary key default uuidv7(),
  cod_ipa text not null unique,
  codice_fiscale text not null unique check (codice_fiscale ~ '^[0-9]{11}$'),
  name text not null constraint ente_name_check check (length(name) between 1 and 100),
  state text not null default 'INSERITO',
  version int not null default 0,
  adhesion text[] not null default '{}',
  -- What the ente switched on: pages appear and go with it.
  features text[] not null default '{ENTE_PUBBLICO,PAGAMENTO_SPONTANEO}',
  application_code text check (application_code ~ '^[0-9]{2}$'),
  -- pagoPA gives codes 00 to 49 (SACI, numero avviso).
  segregation_code text not null constraint ente_segregation_range check (segregation_code ~ '^[0-4][0-9]$'),
  iban text not null,
  iban_postale text,
  indirizzo text, civico text, cap text, localita text, provincia text, nazione text,
  email text, phone text,
  -- PNG, at most 250 x 250.
  logo bytea,
  cbill text check (cbill ~ '^[A-Z0-9]{5}$'),
  postal_authorization text check (postal_authorization ~ '^AUT.*DEL.*' and length(postal_authorization) <= 50),
  second_language text check (second_language in ('en', 'de')),
  info text check (length(info) <= 1000),
  site text,
  -- A link with it opens an ente in PRE-ESERCIZIO.
  test_token text not null unique default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
  created_at timestamptz not null default now()
);
create trigger record_birth after insert on ente for each row execute function record_birth();
create trigger guard_move before update of state on ente for each row execute function guard_move();

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
  -- Null: the account of the ente.
  iban_accredito text,
  -- The postal account that payments of this type may go to; null: the one of the ente.
  iban_postale text,
  -- Printed on notices for post offices.
  postal_account text check (postal_account ~ '^[0-9]{1,12}$'),
  postal_account_name text check (length(postal_account_name) <= 50),
  separate_attempt boolean not null default false,
  form jsonb not null,
  settore text check (length(settore) <= 50),
  -- The due is started on this page of another site instead of our form.
  external_url text check (external_url ~ '^https{0,1}://'),
  -- Accepts a payer without a fiscal code (ANONIMO).
  anonymous_payer boolean not null default false,
  print_due_on boolean not null default true,
  notice_enabled boolean not null default true,
  io_notice boolean not null default false,
  digital_notice boolean not null default false,
  push_outcome boolean not null default false,
  push_url text check (push_url ~ '^https://' and length(push_url) <= 2048),
  -- Tries before a person looks at it.
  push_tries int not null default 20 check (push_tries between 1 and 99),
  created_at timestamptz not null default now(),
  unique (ente_id, code),
  check (not push_outcome or push_url is not null)
);

create table operator (
  id uuid primary key default uuidv7(),
  -- The identity provider names a person by it; nothing else that the provider sends counts.
  codice_fiscale text not null unique,
  name text not null check (length(name) between 1 and 70),
  -- Address of the region's grant only; addresses for an ente belong to its grant.
  email text,
  -- Of the region: administers every ente.
  platform_admin boolean not null default false,
  active boolean not null default true,
  created_at timestamptz not null default now()
);

create table operator_grant (
  operator_id uuid not null references operator,
  ente_id uuid not null references ente,
  role text not null check (role in ('operator', 'admin')),
  -- Mails about this ente go to it; the region's address without it.
  email text,
  created_at timestamptz not null default now(),
  primary key (operator_id, ente_id)
);
create index operator_grant_ente on operator_grant (ente_id);

-- Types of due that an operator may see and use; administrators of the ente use all.
create table operator_due_type (
  operator_id uuid not null,
  ente_id uuid not null,
  ente_due_type_id uuid not null references ente_due_type,
  created_at timestamptz not null default now(),
  primary key (operator_id, ente_due_type_id),
  foreign key (operator_id, ente_id) references operator_grant on delete cascade
);

-- Where mails about an ente reach a person: the address of the grant of that ente; for an administrator of the region without one,
-- the address of the region's grant. Null for a person who has neither grant, or no address there.
create function operator_address(operator_id uuid, ente_id uuid) returns text stable language sql as $$
  select case when g.operator_id is not null then g.email when o.platform_admin then o.email end
  from operator o left join operator_grant g on g.operator_id = o.id and g.ente_id = $2
  where o.id = $1 and o.active
$$;

-- Passwords by which the software of an ente calls our web services.
create table api_client (
  ente_id uuid primary key references ente,
  -- Both passwords have the same salt, so that one digest shows whether either of them was sent.
  salt bytea not null check (length(salt) = 16),
  password_hash bytea not null check (length(password_hash) = 32),
  password_at timestamptz not null default now(),
  -- To the hour, so that a person who removes the previous password sees whether it is still in use.
  password_used_at timestamptz,
  -- Valid beside the other one until a person removes it.
  previous_hash bytea check (length(previous_hash) = 32),
  previous_at timestamptz,
  previous_used_at timestamptz,
  created_at timestamptz not null default now(),
  check ((previous_hash is null) = (previous_at is null)),
  check (previous_hash is not null or previous_used_at is null)
);

create table approval (
  id uuid primary key default uuidv7(),
  -- db/ente/settle-approval.ts says what happens when it is approved.
  kind text not null,
  ente_id uuid not null references ente,
  -- The row it is about, and what of that row.
  entity text not null,
  entity_id uuid not null,
  target text not null,
  from_value jsonb not null,
  to_value jsonb not null,
  state text not null default 'waiting',
  version int not null default 0,
  asked_by uuid not null references operator,
  asked_by_name text not null,
  asked_at timestamptz not null default now(),
  -- From then on it happens without a second person; null: never.
  due_at timestamptz,
  decided_by uuid references operator,
  decided_by_name text,
  decided_at timestamptz,
  check ((state = 'waiting') = (decided_at is null)),
  check (state <> 'approved' or (decided_by is not null and decided_by <> asked_by)),
  check (state <> 'elapsed' or (decided_by is null and decided_at >= due_at)),
  check ((decided_by is null) = (decided_by_name is null))
);
-- The database, not the code, lets one request wait for each thing.
create unique index approval_waiting on approval (entity_id, target) where state = 'waiting';
create index approval_ente on approval (ente_id, asked_at) where state = 'waiting';
create index approval_due on approval (due_at) where state = 'waiting';
create trigger record_birth after insert on approval for each row execute function record_birth();
create trigger guard_move before update of state on approval for each row execute function guard_move();

-- "9/0107101TS/": what a due is for, in pagoPA's words.
create table taxonomy (
  code text primary key check (code ~ '^9/[0-9]{7}[A-Z]{2}/$'),
  name text not null
);
insert into taxonomy (code, name) values
  ('9/0101101IM/', 'IMU'),
  ('9/0101100IM/', 'TARI'),
  ('9/0101106SA/', 'Sanzioni amministrative'),
  ('9/0101107TS/', 'Canone Unico Patrimoniale'),
  ('9/0102100SA/', 'Multe / Verbali'),
  ('9/0102105SA/', 'Sanzioni diverse dal C.d.S.'),
  ('9/0102106SA/', 'Preavvisi'),
  ('9/0104103SP/', 'Diritti di segreteria'),
  ('9/0105100SP/', 'Proventi e Concessioni spazi'),
  ('9/0105102TS/', 'Oneri di urbanizzazione'),
  ('9/0105107TS/', 'Diritti Pratiche SUAP'),
  ('9/0107100TS/', 'Rette scolastiche'),
  ('9/0107101TS/', 'Mense scolastiche'),
  ('9/0107102SP/', 'Trasporto scolastico'),
  ('9/0108104AP/', 'Impianti sportivi'),
  ('9/0111100TS/', 'Mercati'),
  ('9/0114100TS/', 'Oneri cimiteriali & Lampade Votive'),
  ('9/0115105AP/', 'Entrate varie'),
  ('9/0115113AP/', 'Registrazione contratti'),
  ('9/0201102IM/', 'TEFA');
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
