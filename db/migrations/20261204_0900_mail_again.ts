import type { Knex } from 'knex'

/** A receipt mail that was sent is sent again because a person asks for it, and only then. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
insert into state_move (entity, from_state, to_state) values ('email', 'sent', 'pending');

create table email_again (
  message_id text primary key,
  email_id uuid not null references email,
  asked_by uuid not null references operator,
  asked_at timestamptz not null default now()
);
comment on table email_again is
  'A mail that left and was asked for again, under the Message-ID that it had; the row of the mail has the next one.';
create index email_again_email on email_again (email_id, asked_at);

-- Neither a process nor a mistake sends a mail twice: this move needs a person, written down under the Message-ID that left.
create function guard_mail_again() returns trigger language plpgsql as $$
begin
  if old.state = 'sent' and new.state = 'pending' and (new.message_id = old.message_id or not exists (
      select from email_again a where a.email_id = old.id and a.message_id = old.message_id)) then
    raise exception 'STATE_MOVE_REFUSED' using errcode = 'MP001', hint = 'email: sent -> pending, and nobody asked';
  end if;
  return new;
end $$;
create trigger guard_mail_again before update of state on email for each row execute function guard_mail_again();

create or replace view c_mail as
  select id, cart_id as cart, receipt_id as receipt, kind, address, message_id, state, tries,
    coalesce((select max(a.asked_at) from email_again a where a.email_id = email.id), created_at) as created_at
  from email;

-- The mails that left before the same mail was asked for again.
create view c_mail_before as
  select a.email_id as mail, a.message_id, m.address, a.asked_by, a.asked_at
  from email_again a join email m on m.id = a.email_id;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
