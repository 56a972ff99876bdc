import type { Knex } from 'knex'

/**
 * Addresses belong to grants. `operator.email` was given by whichever ente named the person first; from here on it is the address
 * of the region's grant only. Where the person has one grant and no other ente ever gave or took one, the address moves to that grant;
 * elsewhere nobody knows whose it is, and it goes.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
update operator_grant g set email = o.email
from operator o
where o.id = g.operator_id and g.email is null and not o.platform_admin
  and (select count(*) from operator_grant x where x.operator_id = o.id) = 1
  and not exists (select from event e where e.entity = 'operator' and e.entity_id = o.id
    and e.data ->> 'enteId' <> g.ente_id::text);
update operator set email = null where not platform_admin;

-- Where mails about an ente reach a person: the address of the grant of that ente; of an administrator of the region without one,
-- the address of the region's grant. Null for who has neither grant, or no address there.
create function operator_address(operator_id uuid, ente_id uuid) returns text stable language sql as $$
  select case when g.operator_id is not null then g.email when o.platform_admin then o.email end
  from operator o left join operator_grant g on g.operator_id = o.id and g.ente_id = $2
  where o.id = $1 and o.active
$$;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
