import type { Knex } from 'knex'

/**
 * Finds the dues that later files took from a file: their events say which file a due was of before. Earlier events do not, so the index
 * begins empty; building it reads the events once.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create index event_passed on event ((data ->> 'fromFlow'), entity_id) where entity = 'due' and data ->> 'fromFlow' is not null;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
