import type { Knex } from 'knex'

/** Who is told by mail of changes, and the host in the ids of those mails. */
export interface Post {
  /** Who maintains the platform. */
  maintainer: string | undefined
  mailHost: string
}

/** Nobody waits for these mails: the next sweep starts them. One for each event and address: the database refuses a second. */
export async function tellMaintainer(
  trx: Knex,
  eventId: number,
  { maintainer, mailHost }: Post,
): Promise<void> {
  if (maintainer === undefined) return
  await trx('email').insert({
    kind: 'change',
    event_id: eventId,
    address: maintainer,
    message_id: `change-${eventId}@${mailHost}`,
    next_try_at: trx.fn.now(),
  })
}

/** The ente, at the addresses its administrators have there, and the region, at those of its administrators and maintainer. */
export async function tellAdministrators(
  trx: Knex,
  { eventId, enteId, post }: { eventId: number; enteId: string; post: Post },
): Promise<void> {
  await trx.raw(
    `insert into email (kind, event_id, address, message_id, next_try_at)
     select 'change', ?, a.address, 'change-' || ? || '-' || row_number() over (order by a.address) || '@' || ?, now()
     from (select distinct on (lower(address)) address from (
         select ?::text as address
         union all select email from operator where platform_admin and active
         union all select g.email from operator_grant g join operator o on o.id = g.operator_id
           where g.ente_id = ? and g.role = 'admin' and o.active) every
       where address is not null) a`,
    [eventId, eventId, post.mailHost, post.maintainer ?? null, enteId],
  )
}
