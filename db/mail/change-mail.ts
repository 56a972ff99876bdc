import type { Knex } from 'knex'

/** Where mails about changes of configuration go. */
export interface Post {
  /** Address of the maintainer of the platform. */
  maintainer: string | undefined
  /** The part after `@` in the Message-IDs. */
  mailHost: string
}

/**
 * Stores the mail about a change to the maintainer. The next sweep sends it, because nobody waits for it. A unique index refuses a second
 * mail about the same event.
 */
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

/**
 * Stores the mails about a change to the maintainer, to the administrators of the region and to those of the ente, at the addresses that
 * they have there. One mail per address.
 * @param about `ofRegion`: the region made the change, and only the administrators of the ente need to know
 */
export async function tellAdministrators(
  trx: Knex,
  about: { eventId: number; enteId: string; post: Post; ofRegion?: boolean },
): Promise<void> {
  const { eventId, enteId, post, ofRegion = false } = about
  await trx.raw(
    `insert into email (kind, event_id, address, message_id, next_try_at)
     select 'change', ?, a.address, 'change-' || ? || '-' || row_number() over (order by a.address) || '@' || ?, now()
     from (select distinct on (lower(address)) address from (
         select ?::text as address
         union all select email from operator where platform_admin and active and not ?
         union all select g.email from operator_grant g join operator o on o.id = g.operator_id
           where g.ente_id = ? and g.role = 'admin' and o.active) every
       where address is not null) a`,
    [eventId, eventId, post.mailHost, (ofRegion ? null : post.maintainer) ?? null, ofRegion, enteId],
  )
}
