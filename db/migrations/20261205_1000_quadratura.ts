import type { Knex } from 'knex'

/** The old documents of pagoPA with all payments of an ente in a period. Their content is never read. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table quadratura (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  -- The organization that was asked for it.
  domain text not null check (domain ~ '^[0-9]{11}$'),
  -- identificativoFlusso of the list, as it came.
  quadratura_id text not null check (length(quadratura_id) between 1 and 255),
  -- dataOraFlusso of the list.
  made_at timestamptz not null check (isfinite(made_at)),
  -- The fetch whose parts are kept: one that began later takes its place.
  fetch_id uuid,
  bytes bigint,
  created_at timestamptz not null default now(),
  -- Null while the document is not here as a whole. A stored one is never written again.
  stored_at timestamptz check (isfinite(stored_at)),
  check ((stored_at is null) = (bytes is null)),
  constraint quadratura_key unique (domain, quadratura_id, made_at)
);
comment on table quadratura is 'Documents of quadratura that pagoPA listed for an ente; opaque, stored byte for byte.';
create index quadratura_list on quadratura (ente_id, made_at desc, id desc);

-- The document in parts, byte for byte.
create table quadratura_part (
  quadratura_id uuid not null references quadratura,
  number int not null check (number > 0),
  document bytea not null,
  primary key (quadratura_id, number)
);
comment on table quadratura_part is 'The bytes of a document of quadratura, in their order.';

-- What became of asking for quadratura: 'OK' or the code of what went wrong; null where nothing was asked.
alter table reporting_run add column quadratura text;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
