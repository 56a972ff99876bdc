import type { Knex } from 'knex'

/**
 * How far payments came, by day and type of due, for the region. Counted by the sweep on a schedule (db/figures/journeys.ts), so this
 * fills nothing. The index reads every cart once: seconds for a million.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- Longer than pages may take.
set local statement_timeout = 0;
-- Dues put in carts on a day of Rome, by where the cart has come to (domain/payment/journey.ts). late: those whose outcome came
-- more than an hour after the payment began.
create table journey (
  day date not null,
  ente_due_type_id uuid not null references ente_due_type,
  step text not null,
  items int not null,
  late int not null,
  primary key (day, ente_due_type_id, step)
);

-- When a day was last counted.
create table journey_day (
  day date primary key,
  counted_at timestamptz not null
);

-- Carts are counted by the day on which they were made.
create index cart_created on cart (created_at);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
