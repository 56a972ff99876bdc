import type { Knex } from 'knex'

/** Mails about a change that an administrator of an ente made: one for each event at most. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table email add event_id bigint unique references event;
alter table email drop constraint email_kind_check;
alter table email add constraint email_kind_check
  check (kind in ('receipt', 'link', 'code', 'deferred', 'flow', 'export', 'change'));
alter table email add constraint email_change_check check ((kind = 'change') = (event_id is not null));
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
