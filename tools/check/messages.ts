import { MAIL_AGAIN } from '../../domain/mail-again.ts'
import type { Invariant } from './invariant.ts'

const MESSAGE_ID = `trim(both '<>' from %)`
const bare = (column: string): string => MESSAGE_ID.replace('%', column)

/** Invariants: every acknowledged message is stored, and every mail we owe was sent, once or at worst twice. */
export const MESSAGES: readonly Invariant[] = [
  {
    id: 'I8',
    name: 'ack_stored',
    statements: [
      {
        sql: `select format('journal %s: %s was answered OK, and its document is not kept', a.id, a.key) as what
          from c_acknowledged a where not exists (
            select from c_receipt r where concat_ws('|', r.ente, r.iuv, r.ccp) = a.key and r.answer = 'accepted'
              and (a.sha256 is null or a.sha256 = r.sha256))`,
      },
      {
        outside: true,
        // One second of tolerance, because two processes read their own clocks.
        sql: `select format('OK to %s|%s|%s, and the request is not in the journal', p.domain, p.iuv, p.ccp) as what
          from s_reply p where p.outcome = 'OK' and not exists (
            select from c_inbox i where i.op = p.operation and i.sha256 = p."requestSha256"
              and i.acked_at <= p.at + interval '1 second')`,
      },
      {
        outside: true,
        sql: `select format('OK to %s|%s|%s, and the document is not kept', p.domain, p.iuv, p.ccp) as what
          from s_reply p where p.outcome = 'OK' and p.operation = 'paaInviaRT' and not exists (
            select from c_inbox i where i.op = 'receipt' and i.sha256 = p."rtSha256"
              and i.key = concat_ws('|', p.domain, p.iuv, p.ccp))`,
      },
    ],
  },
  {
    id: 'I9',
    name: 'mail',
    statements: [
      {
        sql: `select format('rt %s: an address gets no mail', r.id) as what
          from c_receipt r cross join unnest(r.addresses) as wanted(address)
          where r.settling and r.handled_at is not null and not exists (
            select from c_mail m where m.receipt = r.id and m.address = wanted.address)`,
      },
      {
        sql: `select format('mail %s was never sent', id) as what from c_mail
          where kind = 'receipt' and state = 'pending' and created_at < now() - :grace * interval '1 second'`,
      },
      {
        sql: `select format('mail %s tells of an rt that decided nothing', m.id) as what
          from c_mail m join c_receipt r on r.id = m.receipt
          where r.attempt is null or r.handled_at is null or (r.positive and not r.settling)`,
      },
      {
        outside: true,
        sql: `select format('mail %s arrived %s times', m.id, count(s."messageId")) as what
          from c_mail m left join s_mail s
            on ${bare('s."messageId"')} = ${bare('m.message_id')} and lower(s."to") = lower(m.address)
          where m.kind = 'receipt' and m.state <> 'pending'
          group by m.id, m.state having count(s."messageId") > 2 or (m.state = 'sent' and count(s."messageId") = 0)`,
      },
      {
        // What left before a person asked for the same mail again has a Message-ID of its own.
        outside: true,
        sql: `select format('mail %s arrived %s times before it was asked for again', b.mail, count(s."messageId")) as what
          from c_mail_before b left join s_mail s
            on ${bare('s."messageId"')} = ${bare('b.message_id')} and lower(s."to") = lower(b.address)
          group by b.mail, b.message_id having count(s."messageId") not in (1, 2)`,
      },
      {
        sql: `select format('mail %s left again %s times, and people asked for it %s times', mail, moved, asked) as what
          from (select e.id as mail, count(*) as moved, (select count(*) from c_mail_before b where b.mail = e.id) as asked
            from c_event e where e.entity = 'email' and e.from_state = 'sent' and e.to_state = 'pending' group by e.id) again
          where moved <> asked`,
      },
      {
        sql: `select format('mail %s was asked for more than ${MAIL_AGAIN.most} times in a day', b.mail) as what from c_mail_before b
          where (select count(*) from c_mail_before o where o.mail = b.mail
            and o.asked_at between b.asked_at - interval '24 hours' and b.asked_at) > ${MAIL_AGAIN.most}`,
      },
      {
        // A minute of tolerance: what the mail server has is not taken back.
        sql: `select format('notice %s left after due %s was paid or cancelled', id, due) as what from c_notice
          where mail_state = 'sent' and sent_at > over_at + interval '1 minute'`,
      },
      {
        sql: `select format('notice %s is told as %s, and its mail is %s', id, outcome, mail_state) as what from c_notice
          where outcome not in ('waiting', 'dropped') and mail_state is distinct from outcome`,
      },
      {
        outside: true,
        sql: `select format('notice %s, %s, arrived %s times', n.id, n.outcome, count(s."messageId")) as what
          from c_notice n left join s_mail s
            on ${bare('s."messageId"')} = ${bare('n.message_id')} and lower(s."to") = lower(n.address)
          where n.mail_state <> 'pending'
          group by n.id, n.outcome having count(s."messageId") > 2 or (n.outcome = 'sent' and count(s."messageId") = 0)
            or (n.outcome = 'dropped' and count(s."messageId") > 0)`,
      },
      {
        outside: true,
        sql: `select format('a mail arrived that nobody wrote: %s', s."messageId") as what from s_mail s
          where not exists (select from (select message_id, address from c_mail union all select message_id, address from c_mail_before) m
            where ${bare('m.message_id')} = ${bare('s."messageId"')} and lower(m.address) = lower(s."to"))`,
      },
    ],
  },
]
