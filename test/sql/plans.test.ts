import { afterAll, beforeAll, expect, it } from 'vitest'
import { extraMoney } from '../../db/anomaly/extra-money.ts'
import { typeFigures } from '../../db/figures/ente.ts'
import { releaseNotices } from '../../db/mail/notice-release.ts'
import { bookReminders } from '../../db/mail/reminders.ts'
import type { BulkKind } from '../../domain/bulk/acts.ts'
import { noticeHref } from '../../templates/signed-link.ts'
import { anAct, workAct } from '../setup/bulk.ts'
import { CHIARA as FIELDS, FORM, RIGHTS, startSite, withCart, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { ELENA, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'

const ROWS = 60_000
const CHUNK = 20_000
const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}
/** Tables that grow with payments, so that reading one whole would become slower every month. */
const GROWING = [
  'due',
  'due_share',
  'due_maker',
  'cart',
  'cart_item',
  'attempt',
  'attempt_item',
  'rpt',
  'receipt',
  'settlement',
  'email',
  'email_link',
  'notice_mail',
  'event',
  'bulk_act_row',
  'journal',
  'session',
  'citizen_account',
  'account_code',
]

interface Asked {
  sql: string
  bindings: unknown[]
}

let site: Site
let asked: Asked[] = []

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  await fill()
  site.db.on('query', ({ sql, bindings }: { sql: string; bindings?: unknown[] }) => {
    asked.push({ sql, bindings: bindings ?? [] })
  })
}, 300_000)
afterAll(() => site.close())

/** Inserts dues, carts, RPTs and mails of many people, like those of a year of payments. */
async function fill(): Promise<void> {
  const { db } = site
  // An index is built faster than it grows.
  const indexes = ['due_words', 'due_tab_name']
  const { rows } = await db.raw<{ rows: { sql: string }[] }>(
    'select pg_get_indexdef(name::regclass) as sql from unnest(?::text[]) name',
    [indexes],
  )
  await db.raw(`drop index ${indexes.join(', ')}`)
  // No statement may take half a minute.
  for (let first = 100_000; first <= 100_000 + ROWS; first += CHUNK)
    await db.raw(
      `insert into due (ente_id, ente_due_type_id, iud, iuv, importo_cents, causale, pagatore_codice, pagatore, due_on)
     select e.id, t.id, 'Q-' || n, '22' || lpad(n::text, 15, '0'), 1000, 'Mensa ' || n, 'P' || (n % 20000), jsonb_build_object('tipo', 'F', 'codice', 'X', 'anagrafica', 'Mario ' || (array['Rossi', 'Bianchi', 'Neri'])[1 + n % 3] || ' ' || n, 'email', 'p' || n || '@example.org'),
       current_date + (n % 300)
     from generate_series(?::int, ?::int) n, ente e join ente_due_type t on t.ente_id = e.id
     where e.cod_ipa = 'C_X902' and t.code = 'MENSA_SCOLASTICA'`,
      [first, Math.min(first + CHUNK, 100_000 + ROWS + 1) - 1],
    )
  for (const { sql } of rows) await db.raw(sql)
  await db.raw(`insert into due_share (due_id, position, domain, ente_name, iban, importo_cents, dati_specifici_riscossione, causale)
    select id, 1, '99999902028', 'Comune', 'IT12Z9999961020000000020201', 1000, '9/0107101TS/', causale from due where iud like 'Q-%'`)
  await db.raw(`insert into cart (id, versante, carrello_id, state, begun_at, expires_at)
    select id, jsonb_build_object('tipo', 'F', 'codice', pagatore_codice, 'anagrafica', 'X'), replace(id::text, '-', ''), 'paid', now(), now()
    from due where iud like 'Q-%'`)
  await db.raw(
    `insert into cart_item (cart_id, due_id, position) select id, id, 1 from due where iud like 'Q-%'`,
  )
  await db.raw(`insert into attempt (id, cart_id, position, domain, iuv, attempt_code, state, total_cents)
    select id, id, 1, '99999902028', iuv, 'C', 'paid', 1000 from due where iud like 'Q-%'`)
  await db.raw(`insert into rpt (attempt_id, message_id, requested_at, document)
    select id, replace(id::text, '-', ''), now(), '' from due where iud like 'Q-%'`)
  await db.raw(`insert into email_link (token_hash, address, draft, expires_at)
    select sha256(id::text::bytea), 'a@example.org', '{}', now() from due where iud like 'Q-%'`)
  await db.raw(`insert into attempt_item (attempt_id, position, share_id, due_id, importo_cents, causale, dati_specifici_riscossione)
    select d.id, 1, s.id, d.id, 1000, 'x', 'x' from due d join due_share s on s.due_id = d.id where d.iud like 'Q-%'`)
  await db.raw(`insert into receipt (id, domain, iuv, attempt_code, sha256, document, attempt_id, cart_id, outcome, total_cents, source, answer, settling, handled_at)
    select id, '99999902028', iuv, 'C', sha256(id::text::bytea), '', id, id, 'paid', 1000, 'push', 'accepted', true, now() from due where iud like 'Q-%'`)
  await db.raw(`insert into settlement (share_id, due_id, receipt_id, importo_cents)
    select s.id, d.id, d.id, 1000 from due d join due_share s on s.due_id = d.id where d.iud like 'Q-%'`)
  await db.raw(`insert into email (kind, receipt_id, cart_id, address, message_id, state)
    select 'receipt', id, id, 'a@example.org', id::text, 'sent' from due where iud like 'Q-%'`)
  await db.raw(
    `insert into citizen_account (codice_fiscale, email) select 'P' || n, 'p@example.org' from generate_series(1, 20000) n`,
  )
  await db.raw(`insert into account_code (codice_fiscale, address, code_hash, salt)
    select codice_fiscale, email, '', '' from citizen_account`)
  await db.raw(`insert into journal (direction, operation, cart_id, domain, iuv, attempt_code, outcome, request)
    select 'in', 'paaInviaRT', id, '99999902028', iuv, 'C', 'OK', '' from due where iud like 'Q-%'`)
  await db.raw(`insert into due_maker (due_id, account, mailbox, network)
    select id, pagatore_codice, sha256(id::text::bytea), sha256(pagatore_codice::bytea) from due where iud like 'Q-%'`)
  await fillActs()
  await db.raw('analyze')
}

/** Acts on many dues, as of a year: each on a part of the dues. */
async function fillActs(): Promise<void> {
  for (let first = 100_000; first < 100_000 + ROWS; first += CHUNK / 4)
    await anActOn(
      (await site
        .db('due')
        .where('iud', 'like', 'Q-%')
        .orderBy('iud')
        .offset(first - 100_000)
        .limit(CHUNK / 4)
        .pluck('id')) as string[],
    )
  await site.db('bulk_act_row').update({ outcome: 'done' })
}

/** The id of an act of Elena on these dues. */
async function anActOn(ids: readonly string[], kind: BulkKind = 'export'): Promise<string> {
  const { db } = site
  const { id: enteId } = (await db('ente').first('id').where({ cod_ipa: 'C_X902' })) as { id: string }
  const { id, name } = (await db('operator')
    .first('id', 'name')
    .where({ codice_fiscale: ELENA.codiceFiscale })) as { id: string; name: string }
  return anAct(db, { kind, ids, enteId, by: { id, name } })
}

/** The number of an act that was done to this due alone, beside those on many. */
async function anExportOf(dueId: string): Promise<number> {
  const { db } = site
  const id = await anActOn([dueId])
  await db('bulk_act_row').where({ act_id: id }).update({ outcome: 'done' })
  await db.raw('analyze bulk_act_row')
  return ((await db('bulk_act').first('number').where({ id })) as { number: number }).number
}

/** Opens the pages of a citizen, whose statements are recorded. */
async function walk(): Promise<void> {
  const visitor = await withCart(site, { nota: 'piani' })
  await visitor.get('/carrello')
  const prepared = { ...RIGHTS, ...FIELDS, azione: 'avviso' }
  await visitor.submit(await visitor.get(FORM), FORM, prepared)
  await visitor.get('/enti?q=Mont')
  await visitor.get('/enti/C_X902')
  const search = { 'codice-avviso': '22000000000100007', 'intestatario-codice': CHIARA.codiceFiscale }
  await visitor.submit(await visitor.get('/avviso'), '/avviso', search)
  await site.db('due').where({ iuv: '22000000000100007' }).update({ pagatore_codice: CHIARA.codiceFiscale })
  await visitor.submit(await visitor.get('/avviso'), '/avviso', search)
  await visitor.get('/avviso/esito')
  const { id } = (await site.db('due').where({ iuv: '22000000000100007' }).first('id')) as { id: string }
  await visitor.get(noticeHref(KEYS.link, id, new Date().toISOString()))
  await visitor.get(`/pagamenti/${id}`)
  await visitor.get('/ritorno?idSession=nessuna&esito=OK')
  await signInAs(site.db, visitor, CHIARA)
  for (const path of [
    '/area',
    '/area/posizioni?causale=Mensa&dal=2026-01-01',
    '/area/pagamenti?ente=C_X902&stato=paid',
    '/area/account',
  ])
    await visitor.get(path)
}

/** Tables that the plan of a statement reads whole, with the values that the page used. */
async function planOf(sql: string, bindings: readonly unknown[]): Promise<string[]> {
  const client = site.db.client as {
    acquireConnection(): Promise<Pg>
    releaseConnection(connection: Pg): Promise<void>
  }
  const connection = await client.acquireConnection()
  try {
    const { rows } = await connection.query(`explain (format json) ${sql}`, [...bindings])
    return scans(rows[0]!['QUERY PLAN'][0]!.Plan)
  } finally {
    await client.releaseConnection(connection)
  }
}

interface Pg {
  query(sql: string, values: unknown[]): Promise<{ rows: { 'QUERY PLAN': { Plan: Plan }[] }[] }>
}

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  Plans?: Plan[]
}

/** The journal has a table for each month. Only that of this month counts, because that of the next one is empty. */
const THIS_MONTH = `journal_${new Date().toISOString().slice(0, 7).replace('-', '')}`
const tableOf = ({ 'Relation Name': name = '' }: Plan): string => (name === THIS_MONTH ? 'journal' : name)

const scans = (plan: Plan): string[] => [
  ...(plan['Node Type'] === 'Seq Scan' && GROWING.includes(tableOf(plan)) ? [plan['Relation Name']!] : []),
  ...(plan.Plans ?? []).flatMap(scans),
]

const READS = /^\s*(select|with)/i
const READS_AND_WRITES = /^\s*(select|with|insert|update|delete)/i

/** Number of statements of a walk, and the tables that they read whole, with the statement. */
async function readWhole(
  walking: () => Promise<void>,
  which = READS,
): Promise<{ statements: number; found: string[] }> {
  asked = []
  await walking()
  const statements = new Map(asked.filter(({ sql }) => which.test(sql)).map((one) => [one.sql, one]))
  const found: string[] = []
  for (const { sql, bindings } of statements.values())
    found.push(...(await planOf(sql, bindings)).map((table) => `${table}: ${sql.slice(0, 200)}`))
  return { statements: statements.size, found }
}

it('no page of the citizen reads a growing table whole', async () => {
  const { statements, found } = await readWhole(walk)
  expect(statements).toBeGreaterThan(20)
  // Proves that a sequential scan would be found.
  expect(await planOf(`select id from due where causale = $1`, ['x'])).toEqual(['due'])
  expect(found).toEqual([])
}, 60_000)

it('no search of the journal of events reads a growing table whole', async () => {
  const elena = await signInAs(site.db, site.visitor(), ELENA)
  const { statements, found } = await readWhole(async () => {
    for (const search of [
      '',
      '?ente=C_X902',
      '?ente=99999903034',
      '?iuv=22000000000100007',
      '?psp=60000000001',
      '?esito=PAA_SEMANTICA',
      '?operazione=paaInviaRT&verso=in&dal=2020-01-01',
    ])
      expect((await elena.get(`/admin/giornale${search}`)).status).toBe(200)
  })
  expect(statements).toBeGreaterThan(6)
  expect(found).toEqual([])
}, 60_000)

it('the register of accesses reads no growing table whole: by person, operator, day, ente, and unfiltered', async () => {
  const { db } = site
  await db.raw(
    `insert into event (entity, entity_id, kind, data)
     select 'due', d.id, 'accessed', jsonb_build_object('by', 'X', 'byId', gen_random_uuid(), 'what', 'due', 'enti', jsonb_build_array(gen_random_uuid()))
     from due d where iud like 'Q-%'`,
  )
  await db.raw('analyze event')
  const [elena, sara] = [await signInAs(db, site.visitor(), ELENA), await signInAs(db, site.visitor(), SARA)]
  const { statements, found } = await readWhole(async () => {
    for (const search of [
      '',
      '?persona=BNCCHR85H52M999M',
      '?operatore=Ferri',
      '?dal=2020-01-01&al=2020-01-02',
      '?dopo=7',
    ])
      for (const visitor of [elena, sara])
        expect((await visitor.get(`/admin/accessi${search}`)).status).toBe(200)
  })
  expect(statements).toBeGreaterThan(6)
  expect(found).toEqual([])
}, 60_000)

it('the dues of an ente read no growing table whole: the list, a search by key, a page with messages', async () => {
  const elena = await signInAs(site.db, site.visitor(), ELENA)
  const DUES = '/operatore/C_X902/dovuti'
  const { id, iud } = (await site.db('due').where({ iuv: '22000000000100009' }).first('id', 'iud')) as {
    id: string
    iud: string
  }
  const number = await anExportOf(id)
  const { statements, found } = await readWhole(async () => {
    for (const search of [
      '',
      '?iuv=22000000000100009',
      `?iud=${iud}`,
      '?debitore=BNCCHR85H52M999M',
      '?debitore=rossi%20100007',
      '?causale=mensa%20100009',
      '?flusso=X',
      // The box: codes, words that few dues and that all dues have, an amount.
      ...[
        '22000000000100009',
        '322000000000100009',
        iud,
        'BNCCHR85H52M999M',
        'rossi 100007',
        'mensa',
        '12345,67',
        // Parts together, and searches that find nothing and try each part.
        'rossi 10,00',
        'mensa 10 oggi',
        'rossi 22000000000100009',
        'rossi nessuno 12,34 30/11',
      ].map((q) => `?${new URLSearchParams({ q }).toString()}`),
      '?q=rossi%20100007&vista=archivio',
      // Words left out that few dues and that all dues have.
      '?q=-100007',
      '?q=-mensa',
      '?q=rossi%20-100007',
      `?operazione=${number}`,
      // Each order, from its beginning, from a place in it, and back.
      ...[
        '',
        'scadenza',
        'scadenza-lontana',
        'importo-alto',
        'importo-basso',
        'nome',
        'nome-dalla-z',
        'variazione',
      ].flatMap((ordine) => [
        `?ordine=${ordine}`,
        `?ordine=${ordine}&dopo=${id}`,
        `?ordine=${ordine}&prima=${id}`,
      ]),
      '?vista=archivio&ordine=nome',
    ])
      expect((await elena.get(DUES + search)).status).toBe(200)
    for (const search of [
      '?q=mensa%20100009',
      '?q=rossi%201000%20-100007',
      '?q=mensa%2010000%20-100007',
      `?operazione=${number}`,
    ]) {
      const list = await elena.get(DUES + search)
      const question = await elena.submit(list, '/molti/conferma', { atto: 'export', chi: 'tutti' })
      expect([search, question.status]).toEqual([search, 200])
    }
    expect((await elena.get(`${DUES}/${id}`)).html).toContain('Messaggi</h2>')
    for (const page of ['flussi', 'esportazioni'])
      expect((await elena.get(`/operatore/C_X902/${page}`)).status).toBe(200)
  })
  expect(statements).toBeGreaterThan(30)
  expect(found).toEqual([])
}, 60_000)

it('no search of support reads a growing table whole, and each has at most eight statements', async () => {
  const elena = await signInAs(site.db, site.visitor(), ELENA)
  const counts: [q: string, statements: number][] = []
  const { found } = await readWhole(async () => {
    for (const q of [
      '22000000000100009',
      'BNCCHR85H52M999M',
      'a@example.org',
      'rossi 100007',
      // Words of all dues, alone and with other parts.
      'mensa',
      'mensa 10,00',
      'rossi oggi',
      '10',
      'mensa 2',
      'oggi',
      'nessuno comune',
      'rossi nessuno 12,34 30/11 x@example.org',
    ]) {
      const before = asked.length
      expect((await elena.get(`/supporto?${new URLSearchParams({ q }).toString()}`)).status).toBe(200)
      counts.push([q, asked.length - before])
    }
  })
  expect(found).toEqual([])
  expect(counts.filter(([, statements]) => statements > 8)).toEqual([])
}, 60_000)
it('an act over many dues reads no growing table whole: what it asks, each of its turns, its file, its page', async () => {
  const { db, files } = site
  const elena = await signInAs(db, site.visitor(), ELENA)
  const ids = (await db('due')
    .where({ state: 'payable' })
    .where('iud', 'like', 'Q-%')
    .orderBy('iud')
    .limit(10_000)
    .pluck('id')) as string[]
  const { statements, found } = await readWhole(async () => {
    for (const kind of ['export', 'cancel'] as const) {
      const actId = await anActOn(ids, kind)
      await workAct({ db, files }, actId)
      const { state, done } = (await db('bulk_act')
        .first({ state: 'state', done: 'rows_done' })
        .where({ id: actId })) as { state: string; done: number }
      expect([kind, state, done]).toEqual([kind, 'done', ids.length])
      expect((await elena.get(`/operatore/C_X902/operazioni/${actId}`)).status).toBe(200)
    }
  }, READS_AND_WRITES)
  expect(statements).toBeGreaterThan(15)
  expect(found).toEqual([])
}, 120_000)

it('the reminders of a day are booked without reading a growing table whole, and read no due twice', async () => {
  const { db } = site
  const booked = async (): Promise<number> =>
    Number(((await db('notice_mail').count('* as n')) as [{ n: string }])[0].n)
  await db.raw(
    `update ente_due_type set mail_reminder = true, mail_reminder_days = 60 where code = 'MENSA_SCOLASTICA'`,
  )
  const booking = await readWhole(() => bookReminders(db, { fromHour: 0 }))
  expect(booking.found).toEqual([])
  expect(await booked()).toBeGreaterThan(10_000)
  // A second look on the same day asks for the enti that are not done, and reads no due.
  asked = []
  await bookReminders(db, { fromHour: 0 })
  expect(asked.map(({ sql }) => sql).filter((sql) => sql.includes('due_tab'))).toEqual([])
}, 120_000)

it('notices are let out, and their log is read, without reading a growing table whole', async () => {
  const { db } = site
  const elena = await signInAs(db, site.visitor(), ELENA)
  // Most have left, as after a year.
  await db.raw(
    `update notice_mail set outcome = 'sent' where id in (select id from notice_mail where outcome = 'waiting' order by id limit 9000)`,
  )
  await db.raw(
    `insert into notice_mail (due_id, ente_id, kind, outcome, booked_on) select id, ente_id, 'born', 'sent', current_date - 100
     from due where iud like 'Q-%'`,
  )
  await db.raw('analyze notice_mail')
  const { statements, found } = await readWhole(async () => {
    expect((await releaseNotices(db, { perMinute: 600, mailHost: 'mypay.example' })).length).toBeGreaterThan(
      10,
    )
    for (const search of [
      '',
      '?tipo=asked',
      '?esito=sent',
      '?esito=failed&tipo=born',
      '?dal=2020-01-01&al=2020-01-02',
    ])
      expect((await elena.get(`/operatore/C_X902/avvisi-email${search}`)).status).toBe(200)
  }, READS_AND_WRITES)
  expect(statements).toBeGreaterThan(7)
  expect(found).toEqual([])
}, 120_000)

it('the figures read no growing table whole: of the region with any period and ente, of an ente, and the queues', async () => {
  const elena = await signInAs(site.db, site.visitor(), ELENA)
  const reader = (await site.db('ente').first({ enteId: 'id' }).where({ cod_ipa: 'C_X902' })) as {
    enteId: string
  }
  const { operatorId } = (await site
    .db('operator')
    .first({ operatorId: 'id' })
    .where({ codice_fiscale: ELENA.codiceFiscale })) as { operatorId: string }
  const { statements, found } = await readWhole(async () => {
    for (const search of [
      '',
      '?ente=montalbese',
      '?dal=2026-01-01&al=2026-02-01',
      '?dal=2026-01-01&al=2026-02-01&ente=C_X902',
    ])
      for (const path of ['/admin/numeri', '/admin/numeri.csv', '/admin/numeri.xlsx'])
        expect((await elena.get(path + search)).status).toBe(200)
    const days = { from: '2026-01-01', to: '2026-02-01' }
    await typeFigures(site.db, { ...reader, operatorId }, days)
    for (const queue of ['senza-esito', 'mail-rifiutate', 'file-fermi', 'processi-in-ritardo'])
      expect((await elena.get(`/supporto/da-guardare/${queue}`)).status).toBe(200)
  })
  expect(statements).toBeGreaterThan(10)
  expect(found).toEqual([])
}, 60_000)

it('money that came too often is found by the indexes of its due and of its cart', async () => {
  const [{ id }] = (await site.db('due').where('iud', 'like', 'Q-%').limit(1)) as [{ id: string }]
  const { statements, found } = await readWhole(async () => {
    // A cart has the id of its due here.
    for (const about of [{ dueId: id }, { cartId: id }]) await extraMoney(site.db, null, about)
  })
  expect([statements, found]).toEqual([2, []])
}, 60_000)

it('a page of dues asks the database at most 8 things', async () => {
  const elena = await signInAs(site.db, site.visitor(), ELENA)
  for (const search of ['', '?q=rossi%20100007', '?q=22000000000100009', '?ordine=nome&vista=archivio']) {
    asked = []
    expect((await elena.get(`/operatore/C_X902/dovuti${search}`)).status).toBe(200)
    const statements = asked.map(({ sql }) => sql.slice(0, 90))
    expect(statements, statements.join('\n')).toHaveLength(Math.min(statements.length, 8))
  }
})
