import type { Knex } from 'knex'

/** Payments that a PSP starts with a printed notice: the cart is made when the PSP activates it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
alter table cart drop constraint cart_kind_check;
alter table cart add constraint cart_kind_check check (kind in ('citizen', 'ente', 'psp'));
-- Who activated it: identificativoPSP, its intermediary and channel, the amount it named.
alter table cart add psp jsonb;
alter table cart add constraint cart_psp_check check ((kind = 'psp') = (psp is not null));
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
