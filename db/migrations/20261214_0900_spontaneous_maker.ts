import type { Knex } from 'knex'

/**
 * Who made a due that a citizen started: the account that had signed in, or else a keyed hash of the address that was
 * proved. Takes no lock that lasts: the table is new. Dues made before have no maker: they are in nobody's area, and
 * their ente cancels them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create table due_maker (
  due_id uuid primary key references due,
  account text,
  address bytea check (length(address) = 32),
  -- Keyed hashes, for the limits: the mailbox behind the address, and the client's network.
  mailbox bytea not null check (length(mailbox) = 32),
  network bytea not null check (length(network) = 32),
  made_at timestamptz not null default now(),
  check ((account is null) <> (address is null))
);
create index due_maker_mailbox on due_maker (mailbox, made_at);
create index due_maker_network on due_maker (network, made_at);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
