import type { Knex } from 'knex'

/** Files that are only checked, and the links of a file to the check it was loaded from and to the file it corrects. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
insert into state_move (entity, from_state, to_state) values ('flow', 'loading', 'checked');

alter table flow
  -- Every row is decided as if it were loaded, and nothing is written but what is kept of the file itself.
  add column is_check boolean not null default false,
  -- The check whose kept file this one loads.
  add column check_id uuid references flow,
  -- The file whose rejected rows this one brings back.
  add column corrects_id uuid references flow,
  add constraint flow_check_state check (case when is_check then state not in ('writing', 'loaded', 'paused') else state <> 'checked' end),
  -- Software of an ente does not check. A check has no notices and is no load of another check.
  add constraint flow_check_plain check (not is_check or (operator_id is not null and request_token is null and check_id is null
    and notices_wanted = 0 and dues_cancelled = 0));
-- A spreadsheet with corrected rows is a draft first.
alter table draft add column corrects_id uuid references flow;
create index flow_corrects on flow (corrects_id) where corrects_id is not null;
create index flow_checked on flow (check_id) where check_id is not null;

-- A check takes neither the name nor the bytes, and has a turn of its own beside the file that loads.
drop index flow_iuf;
create unique index flow_iuf on flow (ente_id, upper(iuf)) where state not in ('refused', 'cancelled') and not is_check;
drop index flow_sha256;
create unique index flow_sha256 on flow (ente_id, sha256) where state not in ('refused', 'cancelled') and not is_check;
drop index flow_running;
create unique index flow_running on flow (ente_id, is_check) where state in ('loading', 'writing');

-- A check leaves here each row that would have changed the dues, because no due shows it to the rows that follow.
alter table flow_unchanged
  -- The number that the row would give to a due.
  add column iuv text,
  -- The due that the row would cancel, which frees its number.
  add column cancels uuid;
create index flow_unchanged_iuv on flow_unchanged (flow_id, iuv) where iuv is not null;
`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
