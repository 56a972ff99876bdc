import type { Knex } from 'knex'

/** What pages need to say nothing untrue about money. The update reads the events of returned carts once: seconds. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
-- The browser said once that the payment went well: from then on no page leads back to the page of the node.
alter table cart add returned_ok boolean not null default false;
update cart set returned_ok = true where returned_at is not null and exists (
  select from event where entity = 'cart' and entity_id = cart.id and kind = 'citizen_returned' and data ->> 'esito' = 'OK');

-- The cart that the link of a mail opened: a used link leads to its state.
alter table email_link add cart_id uuid references cart;

create index anomaly_attempt on anomaly (attempt_id) where closed_at is null;

drop trigger tell_payment on cart;
create trigger tell_payment after update of state, redirect_url, returned_at, returned_ok, deferred on cart
  for each row when (old.state is distinct from new.state
    or old.redirect_url is distinct from new.redirect_url
    or old.returned_at is distinct from new.returned_at
    or old.returned_ok is distinct from new.returned_ok
    or old.deferred is distinct from new.deferred)
  execute function tell_payment();

create function tell_anomaly() returns trigger language plpgsql as $$
begin
  perform pg_notify('payment', new.cart_id::text);
  return null;
end $$;
create trigger tell_anomaly after insert or update of closed_at, unplaced_cents, cart_id on anomaly
  for each row when (new.cart_id is not null) execute function tell_anomaly();
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
