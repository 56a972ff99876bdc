import type { Knex } from 'knex'

/** Passwords by which the software of an ente calls our web services. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table api_client (
  ente_id uuid primary key references ente,
  -- Of both passwords: one digest tells whether either of them was said.
  salt bytea not null check (length(salt) = 16),
  password_hash bytea not null check (length(password_hash) = 32),
  password_at timestamptz not null default now(),
  -- To the hour: whoever takes the previous one away knows whether it is still said.
  password_used_at timestamptz,
  -- Valid beside the other, until somebody takes it away.
  previous_hash bytea check (length(previous_hash) = 32),
  previous_at timestamptz,
  previous_used_at timestamptz,
  created_at timestamptz not null default now(),
  check ((previous_hash is null) = (previous_at is null)),
  check (previous_hash is not null or previous_used_at is null)
);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
