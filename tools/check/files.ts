import type { Invariant } from './invariant.ts'

/** Invariants of files of dues and exports, and that rows belong to the right ente. */
export const FILES: readonly Invariant[] = [
  {
    id: 'I11',
    name: 'import',
    statements: [
      {
        sql: `select format('flow %s: %s rows told, %s read', id, ok + rejected + unchanged, lines) as what
          from c_import where ok + rejected + unchanged <> lines`,
      },
      {
        sql: `select format('flow %s: %s rejected rows are kept, %s are counted', i.id, count(r.row), i.rejected) as what
          from c_import i left join flow_reject r on r.flow_id = i.id group by i.id, i.rejected
          having count(r.row) <> i.rejected`,
      },
      {
        sql: `select format('flow %s row %s wrote a due and was rejected', d.flow_id, d.flow_row) as what
          from due d join flow_reject r on r.flow_id = d.flow_id and r.row = d.flow_row`,
      },
      {
        // Cancelled dues are left out: a due that a row replaced keeps the number of that row too.
        sql: `select format('flow %s row %s is on %s dues', flow_id, flow_row, count(*)) as what
          from due where flow_id is not null and state <> 'cancelled' group by flow_id, flow_row having count(*) > 1`,
      },
      {
        sql: `select format('flow %s: chunk %s does not follow the one before', flow_id, seq) as what from (
            select *, lag(to_byte) over w as end_before, lag(first_row + rows) over w as row_before, lag(seq) over w as before
            from flow_chunk window w as (partition by flow_id order by seq)) c
          where before is not null and (seq <> before + 1 or from_byte <> end_before or first_row <> row_before)`,
      },
      {
        sql: `select format('flow %s is %s up to byte %s of %s', id, state, next_byte, csv_bytes) as what
          from c_import where state in ('loaded', 'checked') and next_byte <> csv_bytes`,
      },
      {
        sql: `select format('due %s was written by flow %s, which is only a check', d.id, f.id) as what
          from due d join flow f on f.id = d.flow_id where f.is_check`,
      },
      {
        sql: `select format('flow %s is of a spreadsheet that its operator has not confirmed', f.id) as what
          from flow f left join draft d on d.flow_id = f.id and d.state = 'taken' and d.ente_id = f.ente_id
            and d.operator_id = f.operator_id
          where f.source = 'sheet' and d.id is null`,
      },
    ],
  },
  {
    id: 'I12',
    name: 'export',
    statements: [
      {
        sql: `select format('export %s is ready without the count or the digest of its file', id) as what
          from c_export where state = 'ready' and (rows is null or sha256 is null or csv_bytes is null)`,
      },
      {
        sql: `select format('export %s is not ready and has a file', id) as what
          from c_export where state in ('queued', 'running', 'failed') and sha256 is not null`,
      },
    ],
  },
  {
    id: 'I20',
    name: 'tenancy',
    statements: [
      {
        sql: `select format('due %s has a type of another ente', d.id) as what
          from due d join ente_due_type t on t.id = d.ente_due_type_id where t.ente_id <> d.ente_id`,
      },
      {
        sql: `select format('due %s was written by a file of another ente', d.id) as what
          from due d join flow f on f.id = d.flow_id where f.ente_id <> d.ente_id`,
      },
      {
        sql: `select format('operator %s may use a type of another ente than the one granted', p.operator_id) as what
          from operator_due_type p join ente_due_type t on t.id = p.ente_due_type_id where t.ente_id <> p.ente_id`,
      },
    ],
  },
]
