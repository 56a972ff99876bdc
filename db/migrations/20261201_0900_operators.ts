import type { Knex } from 'knex'

/** Who works for the region and for enti, what each may do, and the taxonomy that types and files refer to. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table operator (
  id uuid primary key default uuidv7(),
  -- Says who a person is who signed in; nothing else of the provider counts.
  codice_fiscale text not null unique,
  name text not null check (length(name) between 1 and 70),
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
  -- Where what concerns this ente is written to; the operator's own address without it.
  email text,
  created_at timestamptz not null default now(),
  primary key (operator_id, ente_id)
);
create index operator_grant_ente on operator_grant (ente_id);

-- Types of due an operator may see and use; administrators of the ente use all.
create table operator_tipo (
  operator_id uuid not null,
  ente_id uuid not null,
  ente_due_type_id uuid not null references ente_due_type,
  created_at timestamptz not null default now(),
  primary key (operator_id, ente_due_type_id),
  foreign key (operator_id, ente_id) references operator_grant on delete cascade
);

-- The one rule of who may use a type: administrators of the region and of its ente, operators who were given it.
create function may_use_tipo(operator_id uuid, tipo_id uuid) returns boolean stable language sql as $$
  select exists (
    select from operator o, ente_due_type t
    where o.id = $1 and o.active and t.id = $2 and (o.platform_admin or exists (
      select from operator_grant g where g.operator_id = o.id and g.ente_id = t.ente_id and (g.role = 'admin' or exists (
        select from operator_tipo p where p.operator_id = o.id and p.ente_due_type_id = t.id)))))
$$;

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
