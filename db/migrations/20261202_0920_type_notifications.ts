import type { Knex } from 'knex'

/** What a type of due will need of messages on IO, digital notices and outcomes pushed to the software of its ente. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table ente_due_type
  add io_notice boolean not null default false,
  add digital_notice boolean not null default false,
  add push_outcome boolean not null default false,
  add push_url text check (push_url ~ '^https://' and length(push_url) <= 2048),
  -- Before a person looks at it.
  add push_tries int not null default 20 check (push_tries between 1 and 99),
  add check (not push_outcome or push_url is not null);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
