import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dueFilter, DUES_FILTERS } from '../../api/operator/dues-query.ts'
import { readFilters } from '../../api/list/filters.ts'
import { t } from '../../templates/language.ts'
import { iudOf } from '../../domain/iud.ts'
import { drawIuvs } from '../../db/due/counter.ts'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { FLOW_COLUMNS, type ColumnHeader } from '../../domain/flow/columns.ts'
import { iuv17 } from '../../domain/iuv.ts'
import { aBegunPayment } from '../setup/begun.ts'
import { aFlow, aFlowFixture, loadFlow, outcomeOf, rejectsOf } from './world.ts'

let fixture: Awaited<ReturnType<typeof aFlowFixture>>

beforeAll(async () => {
  fixture = await aFlowFixture()
})
afterAll(() => fixture.drop())

type Row = Partial<Record<ColumnHeader, string>>

const USUAL: Row = {
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  importoDovuto: '24.50',
  tipoDovuto: 'UTILIZZO_LOCALI',
  causaleVersamento: 'Palestra comunale',
  datiSpecificiRiscossione: '9/0105100SP/SALA',
  azione: 'I',
}

let flows = 0

/** Loads a file of these rows; returns for each `loaded` or the code and text of its reject. */
async function load(...rows: Row[]): Promise<string[]> {
  const base = `C_Q999-RIGHE${++flows}-1_4`
  const columns = FLOW_COLUMNS['1_4']
  const lines = rows.map((row) => columns.map(({ header }) => row[header] ?? USUAL[header] ?? '').join(';'))
  const csv = [columns.map(({ header }) => header).join(';'), ...lines].join('\n')
  const flow = await loadFlow(fixture, await aFlow(fixture, { base, csv }))
  const rejects = await rejectsOf(fixture.db, flow.id)
  const written = (await outcomeOf(fixture, flow.id, 'SCARTI'))?.get(`${base}_SCARTI.csv`)?.toString() ?? ''
  for (const { row, code, text } of rejects) expect(written).toContain(`${lines[row - 1]};${code};${text}\n`)
  return rows.map((_, at) => {
    const reject = rejects.find(({ row }) => row === at + 1)
    return reject ? `${reject.code} ${reject.text}` : 'loaded'
  })
}

const set = (iud: string, state: string) =>
  fixture
    .db('due')
    .where({ iud })
    .update({ state, cancelled_reason: state === 'cancelled' ? 'operator' : null })

const THEIRS = (progressive: number) => iuv17({ segregationCode: '12', sil: '01', progressive })
const TODAY = romeDay(new Date().toISOString())

const OBLIGATORY = '|PAA_IMPORT_DATA_SCADENZA_PAGAMENTO_OBBLIGATORIA |dataScadenzaPagamento deve essere'
const NOT_FOUND = (iud: string) =>
  `PAA_IMPORT_ERROR |CODICE PAA_IMPORT_ERROR DESCRIZIONE Dovuto non trovato per IUD [${iud}] e codice IPA Ente [C_Q999]`
const IUD_TAKEN =
  '|PAA_IMPORT_IUD_DUPLICATO |IUD attivo presente nel database, non si accettano dovuti duplicati'
const IUV_TAKEN =
  '|PAA_IMPORT_IUV_DUPLICATO |IUV attivo presente nel database, non si accettano dovuti duplicati'
const NOT_PAYABLE =
  '|PAA_IMPORT_DOVUTO_NON_PRESENTE |Dovuto non presente o in pagamento nel database, impossibile modificarlo'

describe('stage B', () => {
  it('an IUD loaded by an earlier row of the file is refused; one that was left out is not', async () => {
    const twice = "PAA_IMPORT_IUD_DUPLICATO Errore IUD duplicato all''interno dello stesso flusso"
    const bad = { IUD: 'B-2', capPagatore: '-' }
    const found = await load({ IUD: 'B-1' }, { IUD: 'B-1' }, { IUD: 'B-1', azione: 'A' }, bad, { IUD: 'B-2' })
    expect(found).toEqual(['loaded', twice, twice, expect.stringContaining('_CAP '), 'loaded'])
  })

  it('is reported before an invalid action and before wrong values', async () => {
    const azione =
      "PAA_IMPORT_SINTASSI_CSV_AZIONE Errore sintassi CSV campo azione. Per maggiori informazioni fare riferimento al manuale 'Integrazione Ente'"
    const twice = expect.stringContaining('PAA_IMPORT_IUD_DUPLICATO') as string
    expect(
      await load(
        { IUD: 'B-3', azione: 'X' },
        { IUD: 'B-3', azione: 'i' },
        { IUD: 'B-3', azione: 'X', capPagatore: '-' },
        { IUD: 'B-3' },
        { IUD: 'B-3', azione: 'X' },
        { IUD: 'B-3', capPagatore: '-' },
      ),
    ).toEqual([azione, azione, azione, 'loaded', twice, twice])
  })
})

describe('stage D', () => {
  it('a type that the operator was not given; software of the ente needs no permission', async () => {
    const row = { IUD: 'D-1', tipoDovuto: 'TIPO_SENZA_PERMESSO' }
    const refused =
      "|PAA_IMPORT_OPERATORE_NO_PERMESSI |L'operatore non ha i permessi per questo tipo dovuto e ente"
    expect(await load(row)).toEqual([refused])
    const { world } = fixture
    fixture = { ...fixture, world: { ...world, operatorId: null as unknown as string } }
    expect(await load(row)).toEqual(['loaded'])
    fixture = { ...fixture, world }
    // The operator may not know of this due, so the answer is that of a due that does not exist.
    expect(await load({ ...row, azione: 'A' })).toEqual([NOT_FOUND('D-1')])
    expect(await load(row)).toEqual([refused])
  })

  it('a due date: needed where it is printed or binding, and not past where it is binding', async () => {
    const luce = { tipoDovuto: 'LUCE_VOTIVA' }
    const verbale = { tipoDovuto: 'VERBALE_AMMINISTRATIVO' }
    const yesterday = addDays(TODAY, -1)
    expect(
      await load(
        { IUD: 'D-10', ...luce, dataEsecuzionePagamento: TODAY },
        { IUD: 'D-11', ...luce, dataEsecuzionePagamento: yesterday },
        { IUD: 'D-12', ...verbale, dataEsecuzionePagamento: yesterday },
        { IUD: 'D-13', ...verbale },
        { IUD: 'D-14' },
      ),
    ).toEqual([
      'loaded',
      `${OBLIGATORY} maggiore uguale alla data attuale per questo tipo dovuto`,
      'loaded',
      `${OBLIGATORY} valorizzata per questo tipo dovuto`,
      'loaded',
    ])
    expect(await load({ IUD: 'D-10', ...luce, azione: 'M', dataEsecuzionePagamento: yesterday })).toEqual([
      `${OBLIGATORY} maggiore uguale alla data attuale per questo tipo dovuto`,
    ])
    // The row only cancels the due, so its date does not matter.
    expect(await load({ IUD: 'D-10', ...luce, azione: 'A', dataEsecuzionePagamento: yesterday })).toEqual([
      'loaded',
    ])
  })

  it('an IUD or IUV in use, by a due in each of its states', async () => {
    await load(...[1, 2, 3, 4].map((n) => ({ IUD: `D-2${n}`, codIuv: THEIRS(20 + n) })))
    await set('D-22', 'paying')
    await set('D-23', 'paid')
    await set('D-24', 'cancelled')
    const again = [1, 2, 3, 4].map((n) => ({ IUD: `D-2${n}` }))
    expect(await load(...again)).toEqual([IUD_TAKEN, IUD_TAKEN, IUD_TAKEN, 'loaded'])
    const numbers = [1, 2, 3, 4].map((n) => ({ IUD: `D-2${n}-BIS`, codIuv: THEIRS(20 + n) }))
    expect(await load(...numbers)).toEqual([IUV_TAKEN, IUV_TAKEN, IUV_TAKEN, 'loaded'])
    // Another due of the same file has the IUV.
    expect(await load({ IUD: 'D-25', codIuv: THEIRS(25) }, { IUD: 'D-26', codIuv: THEIRS(25) })).toEqual([
      'loaded',
      IUV_TAKEN,
    ])
  })

  it.each(['M', 'A'])('%s of a due in each of its states', async (azione) => {
    const iud = (n: number): string => `D-3${azione}${n}`
    await load(...[1, 2, 3, 4].map((n) => ({ IUD: iud(n) })))
    await set(iud(2), 'paying')
    await set(iud(3), 'paid')
    await set(iud(4), 'cancelled')
    const rows = [1, 2, 3, 4, 5].map((n) => ({ IUD: iud(n), azione, importoDovuto: '25.00' }))
    expect(await load(...rows)).toEqual([
      'loaded',
      NOT_PAYABLE,
      NOT_FOUND(iud(3)),
      NOT_FOUND(iud(4)),
      NOT_FOUND(iud(5)),
    ])
  })

  it('what a change may not change: the type, and the IUV once there is one', async () => {
    await load({ IUD: 'D-40', codIuv: THEIRS(40) }, { IUD: 'D-41' }, { IUD: 'D-42' })
    const M = { azione: 'M' }
    expect(await load({ IUD: 'D-40', ...M, codIuv: THEIRS(40), tipoDovuto: 'VIOLAZIONE_CDS' })).toEqual([
      '|PAA_IMPORT_TIPO_DOVUTO_NON_MODIFICABILE |Non è possibile modificare il tipo dovuto di un dovuto',
    ])
    expect(await load({ IUD: 'D-40', ...M, codIuv: THEIRS(43) })).toEqual([
      '|PAA_IMPORT_IUV_DUPLICATO |Non è possibile modificare il codice iuv di un dovuto',
    ])
    expect(await load({ IUD: 'D-40', ...M })).toEqual([
      '|PAA_IMPORT_IUV_NO_NULLABLE |Non è possibile azzerare il codice iuv di un dovuto',
    ])
    // A due without an IUV may get one that is free.
    expect(
      await load({ IUD: 'D-41', ...M, codIuv: THEIRS(40) }, { IUD: 'D-42', ...M, codIuv: THEIRS(42) }),
    ).toEqual([IUV_TAKEN, 'loaded'])
  })

  it('a change with equal values is counted as unchanged, listed, and touches nothing', async () => {
    await load({ IUD: 'D-50' })
    const before = await fixture.db('due').first('changed_at', 'flow_id').where({ iud: 'D-50' })
    expect(await load({ IUD: 'D-50', azione: 'M' })).toEqual(['loaded'])
    expect(await fixture.db('due').first('changed_at', 'flow_id').where({ iud: 'D-50' })).toEqual(before)
    const [flow] = await fixture.db('flow').orderBy('created_at', 'desc').limit(1)
    expect([flow.rows_unchanged, flow.rows_changed]).toEqual([1, 0])
  })
})

describe('a number of ours', () => {
  it('comes back with a row of a cancelled file, and only if it was drawn', async () => {
    const { db } = fixture
    const generate = { flgGeneraIuv: 'true' }
    await load({ IUD: 'N-1', ...generate })
    const { iuv } = (await db('due').first('iuv').where({ iud: 'N-1' })) as { iuv: string }
    expect(await load({ IUD: 'N-1', codIuv: iuv, azione: 'A' })).toEqual(['loaded'])
    const next = iuv17({ segregationCode: '12', progressive: Number(iuv.slice(4, 15)) + 1 })
    const found = await load(
      { IUD: 'N-1', codIuv: iuv, ...generate },
      { IUD: 'N-2', codIuv: next, ...generate },
      { IUD: 'N-3', ...generate },
    )
    expect(found).toEqual(['loaded', expect.stringContaining('_IUV '), 'loaded'])
    expect(await db('due').first('iuv').where({ iud: 'N-3' })).toEqual({ iuv: next })
    const [drawn] = await drawIuvs(db, { domain: '99999900014', segregationCode: '12' }, 1)
    expect(drawn).not.toBe(next)
  })
})

describe('the outcome files', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)'])(
    'contain values unchanged, because software reads them: %s',
    async (text) => {
      const row = { causaleVersamento: text, anagraficaPagatore: text }
      const iud = `F-${text.charCodeAt(0)}`
      expect(await load({ IUD: iud, ...row }, { IUD: `${iud}-NO`, ...row, capPagatore: '-' })).toEqual([
        'loaded',
        expect.stringContaining('_CAP '),
      ])
      const base = `C_Q999-RIGHE${flows}-1_4`
      const { id } = (await fixture.db('flow').first('id').where({ base_name: base })) as { id: string }
      for (const kind of ['IUV', 'SCARTI'] as const) {
        const written = (await outcomeOf(fixture, id, kind))!.get(`${base}_${kind}.csv`)!.toString()
        expect(written.split('\n')[1]).toContain(`;BNCCHR85H52M999M;${text};`)
        expect(written.split('\n')[1]).toContain(`;${text};9/0105100SP/SALA;`)
      }
    },
  )
})

describe('an IUV that was tried before', () => {
  it('by a due that was cancelled can be paid again under the new one', async () => {
    const { db } = fixture
    const given = { codIuv: THEIRS(60) }
    const idOf = async (iud: string): Promise<string> =>
      ((await db('due').first('id').where({ iud }).whereNot({ state: 'cancelled' })) as { id: string }).id
    await load({ IUD: 'T-1', ...given })
    await aBegunPayment(db, [await idOf('T-1')])
    await set('T-1', 'payable')
    expect(await load({ IUD: 'T-1', ...given, azione: 'A' })).toEqual(['loaded'])
    expect(await load({ IUD: 'T-2', ...given })).toEqual(['loaded'])
    await aBegunPayment(db, [await idOf('T-2')])
    const ccps = (await db('attempt')
      .where({ iuv: THEIRS(60) })
      .orderBy('attempt_code')
      .pluck('attempt_code')) as string[]
    expect(ccps.map((ccp) => ccp.slice(-6))).toEqual(['-00001', '-00002'])
  })
})

describe('texts that look like others', () => {
  it('a causale with direction marks, invisible or control characters is refused as wrong in form', async () => {
    const unseen = ['Mensa \u202e05,01', 'Men\u200bsa', 'Mensa\rBcc: x', 'Mensa\t1']
    const found = await load(
      ...unseen.map((causaleVersamento, at) => ({ IUD: `U-${at}`, causaleVersamento })),
    )
    expect(new Set(found)).toEqual(new Set(['PAA_IMPORT_SINTASSI_CSV |CAUSALE_VERSAMENTO NON CONFORME']))
    expect(await load({ IUD: 'U-9', causaleVersamento: 'Mensa è – 5 €' })).toEqual(['loaded'])
  })

  it('an IUD is the same however its accents are encoded: in one file, in another one, in a search', async () => {
    const one = 'C\u00e8-1'
    const other = 'Ce\u0300-1'
    const twice = expect.stringContaining('PAA_IMPORT_IUD_DUPLICATO') as string
    expect(await load({ IUD: one }, { IUD: other })).toEqual(['loaded', twice])
    expect(await load({ IUD: other })).toEqual([IUD_TAKEN])
    expect(await load({ IUD: other, azione: 'M', causaleVersamento: 'Palestra nuova' })).toEqual(['loaded'])
    expect(await fixture.db('due').where({ iud: one }).pluck('causale')).toEqual(['Palestra nuova'])
    expect(await load({ IUD: other, azione: 'A' })).toEqual(['loaded'])
    expect(await fixture.db('due').where({ iud: one }).pluck('state')).toEqual(['cancelled'])
    const { values } = readFilters(DUES_FILTERS, { iud: other }, { t })
    expect(dueFilter(values, 'open').iud).toBe(one)
    expect(iudOf(other)).toBe(one)
  })

  it('an IUD is in the outcome file as the ente wrote it', async () => {
    const iud = 'De\u0300-1'
    const base = 'C_Q999-FORMA1-1_4'
    const columns = FLOW_COLUMNS['1_4']
    const line = columns
      .map(({ header }) => ({ ...USUAL, IUD: iud, flgGeneraIuv: 'true' })[header] ?? '')
      .join(';')
    const csv = [columns.map(({ header }) => header).join(';'), line].join('\n')
    const flow = await loadFlow(fixture, await aFlow(fixture, { base, csv }))
    const written = (await outcomeOf(fixture, flow.id, 'IUV'))!.get(`${base}_IUV.csv`)!.toString()
    expect(written.split('\n')[1]).toMatch(new RegExp(`^${iud};`))
    expect(await fixture.db('due').where({ flow_id: flow.id }).pluck('iud')).toEqual(['D\u00e8-1'])
  })
})
