import type { Knex } from 'knex'

/** The statements of banks: files, their movements, the credits that they add up to, and what ties these to reporting flows. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
insert into state_move (entity, from_state, to_state) values
  ('treasury_file', 'reading', 'loaded'), ('treasury_file', 'reading', 'asking'), ('treasury_file', 'reading', 'refused'),
  ('treasury_file', 'asking', 'reading'), ('treasury_file', 'asking', 'withdrawn'),
  ('treasury_file', 'loaded', 'withdrawn'),
  ('treasury_tie', 'proposed', 'certain'), ('treasury_tie', 'proposed', 'accepted'), ('treasury_tie', 'proposed', 'refused'),
  ('treasury_tie', 'proposed', 'dropped'),
  ('treasury_tie', 'certain', 'proposed'), ('treasury_tie', 'certain', 'refused'), ('treasury_tie', 'certain', 'dropped'),
  ('treasury_tie', 'accepted', 'proposed'), ('treasury_tie', 'accepted', 'dropped'),
  ('treasury_tie', 'refused', 'proposed'), ('treasury_tie', 'refused', 'dropped'),
  ('treasury_tie', 'dropped', 'proposed'), ('treasury_tie', 'dropped', 'certain');

-- A statement as it was sent.
create table treasury_file (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  operator_id uuid not null references operator,
  -- Null until the content has said it.
  kind text check (kind in ('opi', 'camt', 'postal', 'csv')),
  -- The sender chose the kind, and the content does not decide.
  is_chosen boolean not null default false,
  state text not null default 'reading',
  version int not null default 0,
  file_name text not null check (length(file_name) between 1 and 255),
  bytes bigint not null,
  sha256 bytea not null check (length(sha256) = 32),
  -- Movements that it has, those among them that no file had before, and places that could not be read.
  movements int not null default 0,
  news int not null default 0,
  faults int not null default 0,
  -- Why the whole file is refused, or what is asked of its sender.
  problem jsonb,
  -- What a person has said of this file: how its columns are written.
  answers jsonb not null default '{}',
  next_check_at timestamptz not null default now() + interval '15 seconds',
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  withdrawn_at timestamptz,
  withdrawn_by uuid references operator,
  check ((state in ('loaded', 'refused', 'withdrawn')) = (ended_at is not null)),
  check ((state = 'withdrawn') = (withdrawn_at is not null)),
  check ((withdrawn_at is null) = (withdrawn_by is null)),
  check (state <> 'loaded' or kind is not null)
);
-- The same bytes count once; a file that was withdrawn or refused may be sent again.
create unique index treasury_file_bytes on treasury_file (ente_id, sha256) where state in ('reading', 'asking', 'loaded');
create index treasury_file_list on treasury_file (ente_id, id desc);
create index treasury_file_open on treasury_file (next_check_at) where state = 'reading';
create trigger record_birth after insert on treasury_file for each row execute function record_birth();
create trigger guard_move before update of state on treasury_file for each row execute function guard_move();
-- Its page follows the channel of flows.
create trigger tell_treasury_file after insert or update on treasury_file for each row execute function tell_flow();

-- Places of a file that could not be read, or are odd.
create table treasury_fault (
  file_id uuid not null references treasury_file,
  number int not null check (number > 0),
  -- Its line, the page of a journal of several files, and its number, in the file.
  place jsonb not null,
  code text not null check (length(code) between 1 and 40),
  -- The name that the file has for the field, and what stood there, cut.
  field text not null,
  value text not null,
  primary key (file_id, number)
);

-- What a bank says of the account: each movement once, however many files have it.
create table treasury_movement (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  source text not null check (source in ('opi', 'camt', 'postal', 'csv')),
  -- Digests of what makes it one movement, and of the bill (the credit) that it belongs to; what they are made of may name persons.
  key bytea not null check (length(key) = 32),
  bill bytea not null check (length(bill) = 32),
  act text not null check (act in ('credit', 'storno', 'settled', 'released')),
  cents bigint not null check (cents >= 0),
  booked_on date not null,
  value_on date not null,
  -- Within which numbers of bills are counted.
  series text not null,
  account text not null,
  year int,
  number text,
  bolletta text,
  -- Number of the reversale that settles or releases.
  reversale text,
  -- The bolletta that a storno takes back.
  storno_of text,
  -- The sospesi that a reversale settles.
  sospesi jsonb not null default '[]',
  trn text,
  end_to_end_id text,
  sender text not null,
  text text not null,
  -- The text in the form in which ids are looked for.
  plain text not null,
  created_at timestamptz not null default now(),
  constraint treasury_movement_key unique (ente_id, key)
);
create index treasury_movement_bill on treasury_movement (ente_id, bill);
create index treasury_movement_series on treasury_movement (ente_id, series, bolletta) where act = 'credit';
create index treasury_movement_books on treasury_movement (ente_id, series) where act in ('settled', 'released');
create index treasury_movement_storno on treasury_movement (ente_id, series) where act = 'storno';

-- Which file says so; a movement counts while a loaded file has it.
create table treasury_sighting (
  file_id uuid not null references treasury_file,
  movement_id uuid not null references treasury_movement,
  -- When the bank made the file, wall clock of Rome: of two corrections the newest holds.
  made_at timestamp,
  -- Its line, the page of a journal of several files, and its number, in the file.
  place jsonb not null,
  primary key (file_id, movement_id)
);
create index treasury_sighting_movement on treasury_sighting (movement_id);

-- Money on the account: what the movements of one bill add up to.
create table treasury_credit (
  id uuid primary key default uuidv7(),
  ente_id uuid not null references ente,
  source text not null,
  bill bytea not null,
  -- The newest movement that says what it is.
  movement_id uuid not null references treasury_movement,
  -- What is left after reversals; none when it was taken back whole, or when no loaded file has it any more.
  cents bigint not null check (cents >= 0),
  reversed_cents bigint not null default 0 check (reversed_cents >= 0),
  booked_on date not null,
  -- False when no loaded file has it.
  is_seen boolean not null default true,
  -- The same money in another kind of file: it is shown with that one and does not count.
  twin_id uuid references treasury_credit,
  -- Which rule of domain/treasury gave its class; null until its ties were looked for, and while it does not count.
  rule text check (length(rule) between 1 and 40),
  -- A person has tied it to something, and its text and amount say something else.
  is_contradicted boolean not null default false,
  needs_tie boolean not null default true,
  created_at timestamptz not null default now(),
  check (twin_id <> id),
  constraint treasury_credit_bill unique (ente_id, bill)
);
-- One entry of each kind of file is the same money as another one, and never two.
create unique index treasury_credit_twin on treasury_credit (twin_id, source) where twin_id is not null;
create index treasury_credit_list on treasury_credit (ente_id, booked_on desc, id desc);
create index treasury_credit_amount on treasury_credit (ente_id, booked_on, cents);
create index treasury_credit_tie on treasury_credit (ente_id) where needs_tie;

-- A credit and the reporting flow, or the single payment, that it brings.
create table treasury_tie (
  id uuid primary key default uuidv7(),
  credit_id uuid not null references treasury_credit,
  -- The flow in all its revisions; null for a single payment.
  domain text,
  flow_id text,
  psp_id text,
  iuv text,
  state text not null,
  version int not null default 0,
  -- 0 to 100, and why: a reason of domain/treasury.
  score smallint not null check (score between 0 and 100),
  reason text not null check (length(reason) between 1 and 40),
  decided_at timestamptz,
  decided_by uuid references operator,
  created_at timestamptz not null default now(),
  check ((flow_id is null) <> (iuv is null)),
  check ((flow_id is null) = (psp_id is null)),
  check ((state in ('accepted', 'refused')) = (decided_at is not null)),
  check ((decided_at is null) = (decided_by is null))
);
-- Of one credit and one target there is one tie, whatever becomes of it.
create unique index treasury_tie_flow on treasury_tie (credit_id, domain, flow_id, psp_id) where flow_id is not null;
create unique index treasury_tie_iuv on treasury_tie (credit_id, iuv) where iuv is not null;
create index treasury_tie_of_flow on treasury_tie (domain, flow_id, psp_id) where flow_id is not null;
create index treasury_tie_of_iuv on treasury_tie (iuv) where iuv is not null;
create trigger record_birth after insert on treasury_tie for each row execute function record_birth();
create trigger guard_move before update of state on treasury_tie for each row execute function guard_move();

-- The columns of an ente's own CSV, chosen once.
create table treasury_columns (
  ente_id uuid primary key references ente,
  columns jsonb not null,
  chosen_at timestamptz not null default now(),
  chosen_by uuid not null references operator
);

alter table reporting_flow
  -- It was stored, and the credits of the bank have not been looked through for it.
  add column needs_tie boolean not null default true;
create index reporting_flow_tie on reporting_flow (ente_id) where needs_tie and state = 'stored';
`)
  await knex.raw(`do $$ begin
  execute 'create or replace view c_state as ' || rtrim(pg_get_viewdef('c_state'::regclass), '; ')
    || ' union all select ''treasury_file'', id, state, version from treasury_file'
    || ' union all select ''treasury_tie'', id, state, version from treasury_tie';
end $$`)
}

export async function down(): Promise<void> {
  throw new Error('migrations go forward only')
}
