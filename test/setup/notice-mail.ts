import type { Knex } from 'knex'
import { noticeMailLinks } from '../../templates/signed-link.ts'
import { KEYS } from './keys.ts'

/** The links of a notice that was sent by mail about some due, as paths. */
export async function noticeMailPaths(
  db: Knex,
  { address = 'chiara@example.org' }: { address?: string } = {},
): Promise<Record<'open' | 'page' | 'stop', string>> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `with told as (insert into notice_mail (due_id, ente_id, kind) select id, ente_id, 'born' from due
       where state = 'payable' and iuv is not null and id not in (select due_id from notice_mail) order by id limit 1
       returning id, ente_id)
     insert into email (kind, notice_mail_id, ente_id, address, message_id)
     select 'notice', id, ente_id, ?, '<notice.' || id || '@localhost>' from told returning notice_mail_id as id`,
    [address],
  )
  const base = 'http://localhost'
  const links = noticeMailLinks(KEYS.link, {
    id: rows[0]!.id,
    now: new Date().toISOString(),
    publicUrl: base,
  })
  const path = (link: string): string => link.slice(base.length)
  return { open: path(links.open), page: path(links.page), stop: path(links.stop) }
}
