import type { Knex } from 'knex'

/** The id of an act by its number, as a function that the planner may ask, so that it knows how many dues the act has. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
create function act_of(ente uuid, act_number bigint) returns uuid language sql stable parallel safe
  return (select id from bulk_act where number = act_number and ente_id = ente);
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
