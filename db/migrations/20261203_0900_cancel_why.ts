import type { Knex } from 'knex'

/**
 * Why many dues were cancelled, in the words of who did it. Acts and files of before have none. It locks nothing for long, because a new
 * column without a value is an entry of the catalogue.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table bulk_act add column why text check (length(why) between 3 and 200);
alter table flow add column cancel_why text check (length(cancel_why) between 3 and 200);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
