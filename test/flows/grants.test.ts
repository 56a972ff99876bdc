import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { FLOW_COLUMNS, type ColumnHeader } from '../../domain/flow/columns.ts'
import { aFlow, aFlowFixture, loadFlow, rejectsOf } from './world.ts'

let fixture: Awaited<ReturnType<typeof aFlowFixture>>

beforeAll(async () => {
  fixture = await aFlowFixture()
})
afterAll(() => fixture.drop())

const TIPO = 'UTILIZZO_LOCALI'
const OTHER = 'VIOLAZIONE_CDS'
const HIDDEN = 'TIPO_SENZA_PERMESSO'

type Row = Partial<Record<ColumnHeader, string>>

const USUAL: Row = {
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  dataEsecuzionePagamento: '2099-12-31',
  importoDovuto: '24.50',
  tipoDovuto: TIPO,
  causaleVersamento: 'Palestra comunale',
  datiSpecificiRiscossione: '9/0105100SP/SALA',
  azione: 'I',
}

let files = 0
/** Loads a file sent by the operator or by the software of the ente. With `isSplit` every row is a chunk of its own. */
async function load(rows: Row[], by: 'operator' | 'software', { isSplit = false } = {}) {
  const columns = FLOW_COLUMNS['1_4']
  const lines = rows.map((row) => columns.map(({ header }) => row[header] ?? USUAL[header] ?? '').join(';'))
  const csv = [columns.map(({ header }) => header).join(';'), ...lines].join('\n')
  const { world } = fixture
  const sender = { ...world, operatorId: by === 'operator' ? world.operatorId : (null as unknown as string) }
  const flowId = await aFlow({ ...fixture, world: sender }, { base: `C_Q999-GRANTS${++files}-1_4`, csv })
  const readLimits = isSplit ? { readLimits: { chunkBytes: 1, lineBytes: 64 * 1024 } } : {}
  const flow = await loadFlow(fixture, flowId, readLimits)
  const rejects = await rejectsOf(fixture.db, flowId)
  const found = (await fixture.db('flow').first('due_types as dueTypes').where({ id: flowId })) as {
    dueTypes: string[]
  }
  return { flow, rejects, dueTypes: found.dueTypes }
}

const give = async (code: string): Promise<void> => {
  const { enteId, operatorId } = fixture.world
  await fixture.db.raw(
    `insert into operator_due_type (operator_id, ente_id, ente_due_type_id)
     select ?, ente_id, id from ente_due_type where ente_id = ? and code = ? on conflict do nothing`,
    [operatorId, enteId, code],
  )
}

beforeEach(() => Promise.all([give(TIPO), give(OTHER)]))

it.each([false, true])(
  'rows that name dues of a type that their sender may not use neither write nor lock them; each row a chunk: %s',
  async (isSplit) => {
    const { db } = fixture
    const iuds = [1, 2, 3, 4].map((n) => `H-${String(isSplit)}-${n}`)
    await load(
      iuds.map((IUD) => ({ IUD, tipoDovuto: HIDDEN })),
      'software',
    )
    const marks = () =>
      db('due').whereIn('iud', iuds).select('iud', 'state', db.raw('xmin::text, xmax::text')).orderBy('iud')
    const before = (await marks()) as unknown[]
    const named = iuds.map((IUD, n) => ({
      IUD,
      azione: n % 2 === 0 ? 'A' : 'M',
      tipoDovuto: n < 2 ? TIPO : HIDDEN,
    }))
    const unknown = named.map(({ IUD, ...row }) => ({ ...row, IUD: `${IUD}-BIS` }))
    const told = await load([...named, ...unknown], 'operator', { isSplit })
    expect(await marks()).toEqual(before)
    expect(told.flow).toMatchObject({ rowsRead: 8, rowsRejected: 8, rowsUnchanged: 0 })
    const reasons = told.rejects.map(({ code, text }) => `${code} ${text.replace(/H-\w+-\d(-BIS)?/, '…')}`)
    expect(new Set(reasons).size).toBe(1)
    expect(told.dueTypes).toEqual([])
  },
)

it('a type that is taken away while a file loads is gone from the next chunk on', async () => {
  const { db } = fixture
  const rows = (name: string) => [1, 2, 3].map((n) => ({ IUD: `${name}-${n}` }))
  await load(rows('T'), 'software')
  await db.raw(`create function lose_type() returns trigger language plpgsql as $$ begin
    if new.seq = 0 then delete from operator_due_type where ente_due_type_id =
      (select id from ente_due_type where ente_id = '${fixture.world.enteId}' and code = '${TIPO}'); end if;
    return null; end $$`)
  await db.raw(
    'create trigger lose_type after insert on flow_chunk for each row execute function lose_type()',
  )
  try {
    const inserted = await load(rows('U'), 'operator', { isSplit: true })
    expect(inserted.rejects.map(({ row, code }) => [row, code])).toEqual([
      [2, '|PAA_IMPORT_OPERATORE_NO_PERMESSI'],
      [3, '|PAA_IMPORT_OPERATORE_NO_PERMESSI'],
    ])
    await give(TIPO)
    const cancelled = await load(
      rows('T').map((row) => ({ ...row, azione: 'A', tipoDovuto: OTHER })),
      'operator',
      { isSplit: true },
    )
    expect(cancelled.flow).toMatchObject({ rowsCancelled: 1, rowsRejected: 2 })
    expect(cancelled.rejects.map(({ code }) => code)).toEqual(['PAA_IMPORT_ERROR', 'PAA_IMPORT_ERROR'])
  } finally {
    await db.raw('drop trigger lose_type on flow_chunk')
  }
})

it('a file holds the types of the dues that its rows named, and not those of rows left out', async () => {
  await load([{ IUD: 'K-1' }, { IUD: 'K-2' }, { IUD: 'K-3' }], 'software')
  const held = async (rows: Row[]) => (await load(rows, 'operator')).dueTypes
  expect(
    await held([
      { IUD: 'K-4', tipoDovuto: OTHER },
      { IUD: 'K-5', tipoDovuto: HIDDEN },
    ]),
  ).toEqual([OTHER])
  expect(await held([{ IUD: 'K-1', azione: 'M' }])).toEqual([TIPO])
  expect(await held([{ IUD: 'K-2', azione: 'M', causaleVersamento: 'Altra' }])).toEqual([TIPO])
  // The row has another type than its due.
  expect(await held([{ IUD: 'K-3', azione: 'A', tipoDovuto: OTHER }])).toEqual([TIPO])
  expect(
    await held([
      { IUD: 'K-1', azione: 'A' },
      { IUD: 'K-6', tipoDovuto: OTHER },
    ]),
  ).toEqual([TIPO, OTHER])
})
