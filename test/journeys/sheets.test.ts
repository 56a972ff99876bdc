import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { MockActivityEnvironment } from '@temporalio/testing'
import iconv from 'iconv-lite'
import { pino } from 'pino'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createConvertSheetActivities } from '../../activities/convert-sheet/index.ts'
import { takeCsv } from '../../api/upload/take-csv.ts'
import { findDraft } from '../../db/flow/draft.ts'
import { FLOW_COLUMNS } from '../../domain/flow/columns.ts'
import { flowNameOf } from '../../domain/flow/name.ts'
import { draftFiles } from '../../services/file-store.ts'
import { SWEEP, sweepOnce } from '../../workers/sweep.ts'
import { CONVERT_SHEET } from '../../workflows/convert-sheet/contract.ts'
import { aFlowWorld, unzip, type FlowWorld } from '../flows/world.ts'
import { flowZip } from '../flows/zip.ts'
import { xlsx, type RawCell } from '../flows/xlsx.ts'
import { textOf } from '../setup/citizen-site.ts'
import { enterAsElena } from '../setup/operators.ts'
import { detailsOf, summaryOf } from '../setup/process-words.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const OPERATOR = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const OTHER = { codiceFiscale: 'VRDGLI70A41M999W', anagrafica: 'Giulia Verdi', email: 'giulia@example.org' }
const FLOWS = '/operatore/C_Q999/flussi'

let stack: Stack
let world: FlowWorld
let operator: Visitor
let other: Visitor

beforeAll(async () => {
  stack = await startStack({})
  world = await aFlowWorld(stack.db)
  await stack
    .db('operator')
    .where({ id: world.operatorId })
    .update({ codice_fiscale: OPERATOR.codiceFiscale })
  const [second] = (await stack
    .db('operator')
    .insert({ codice_fiscale: OTHER.codiceFiscale, name: OTHER.anagrafica })
    .returning('id')) as { id: string }[]
  await stack
    .db('operator_grant')
    .insert({ operator_id: second!.id, ente_id: world.enteId, role: 'admin', email: OTHER.email })
  operator = await signInAs(stack.db, createVisitor(stack.publicUrl), OPERATOR)
  other = await signInAs(stack.db, createVisitor(stack.publicUrl), OTHER)
})
afterAll(() => stack.close())

const HEADERS = FLOW_COLUMNS['1_3'].map(({ header }) => header)
type Values = Record<string, RawCell>
const DUE: Values = {
  tipoIdentificativoUnivoco: 'F',
  codiceIdentificativoUnivoco: 'BNCCHR85H52M999M',
  anagraficaPagatore: 'Bianchi Chiara',
  importoDovuto: { v: '1234.5' },
  dataEsecuzionePagamento: { s: 1, v: '58074' },
  tipoDovuto: 'DIRITTI_VARI',
  causaleVersamento: 'Diritti di ottobre',
  datiSpecificiRiscossione: '9/0105107TS/DIRITTI',
  flgGeneraIuv: 'VERO',
  azione: 'I',
}
const rowOf = (values: Values): RawCell[] => HEADERS.map((name) => ({ ...DUE, ...values })[name] ?? null)
const sheetOf = (...rows: Values[]): Promise<Buffer> => xlsx([HEADERS, ...rows.map(rowOf)])

const sweep = (): Promise<void> => sweepOnce({ ...stack, log: pino({ level: 'silent' }), grace: SWEEP.grace })

/** A row as a CSV has it. */
function csvRow(given: Record<string, string>): string {
  const values: Record<string, string> = { ...(DUE as Record<string, string>), ...given }
  return HEADERS.map((name) => values[name] ?? '').join(';')
}

const SHEET = { foglio: 'si' }
async function send(name: string, bytes: Buffer, fields: Record<string, string> = SHEET): Promise<Page> {
  return operator.upload(await operator.get(FLOWS), FLOWS, { name, bytes }, fields)
}
const pathOf = (page: Page): string => new URL(page.location!).pathname

async function whenItSays(path: string, words: string): Promise<Page> {
  let page = await operator.get(path)
  await waitUntil(async () => (page = await operator.get(path)).html.includes(words))
  return page
}

/** Sends a sheet and waits for its preview. */
async function previewOf(name: string, bytes: Buffer): Promise<{ path: string; page: Page }> {
  const path = pathOf(await send(name, bytes))
  return { path, page: await whenItSays(path, ' Da confermare</span>') }
}
const take = (page: Page, path: string, iuf: string): Promise<Page> =>
  operator.submit(page, `${path}/carica`, { iuf })

const importiOf = (prefix: string): Promise<unknown[]> =>
  stack.db('due').where('iud', 'like', `${prefix}%`).orderBy('iud').pluck('importo_cents')

describe('a spreadsheet', () => {
  it('is shown before it is loaded: what was read, what changed, what cannot be read; both files are kept', async () => {
    const bytes = await sheetOf(
      { IUD: 'FOG-1' },
      { IUD: 'FOG-2', importoDovuto: '10,50' },
      { IUD: 'FOG-3', codIuv: { v: '1.2000000000000119E+16' } },
    )
    const { path, page } = await previewOf('Diritti è ottobre.xlsx', bytes)
    expect(page.html).toContain('Righe lette</dt><dd>3<')
    expect(page.html).toContain('Righe che non si leggono</dt><dd>1<')
    expect(page.html).toContain('1.245,00 €')
    expect(page.html).toMatch(/10,50<\/td><td[^>]*>10\.50</)
    expect(page.html).toContain('30/12/2058')
    expect(page.html).toMatch(/codIuv, “1.2000000000000119E\+16”: un numero così lungo perde cifre/)
    expect(page.html).toContain('value="Diritti_e_ottobre"')
    expect(await importiOf('FOG')).toEqual([])
    expect((await operator.get(FLOWS)).html).toContain(`href="${path}"`)

    const taken = await take(page, path, 'FOGLIO2026')
    const flow = pathOf(taken)
    const loaded = await whenItSays(flow, ' Caricato con 1 scarto</span>')
    expect(await importiOf('FOG')).toEqual([123450, 1050])
    expect(await stack.db('due').where({ iud: 'FOG-1' }).pluck('due_on')).toEqual(['2058-12-30'])
    expect(loaded.html).toContain('C_Q999-FOGLIO2026-1_3</h1>')
    expect(loaded.html).toMatch(/codIuv, “1.2000000000000119E\+16”: un numero così lungo perde cifre/)

    const original = await operator.download(`${flow}/file/originale`)
    expect(original.bytes.equals(bytes)).toBe(true)
    const converted = await operator.download(`${flow}/file/convertito`)
    expect(converted.name).toBe('C_Q999-FOGLIO2026-1_3.csv')
    expect(converted.bytes.toString().split('\n')[2]).toContain(';10.50;')
    // The row that was not converted has the columns of its version again, and loads with its number mended.
    const rejects = (await unzip((await operator.download(`${flow}/file/scarti`)).bytes)).get(
      'C_Q999-FOGLIO2026-1_3_SCARTI.csv',
    )!
    const [head, row] = rejects.toString().split('\n')
    expect(row!.split(';')).toHaveLength(head!.split(';').length)
    const mended = `${head}\n${row!.replace('1.2000000000000119E+16', '')}\n`
    const again = await operator.upload(
      await operator.get(FLOWS),
      FLOWS,
      await flowZip('C_Q999-FOGLIO2026B-1_3', mended),
    )
    await whenItSays(pathOf(again), ' Caricato</span>')
    expect(await importiOf('FOG')).toEqual([123450, 1050, 123450])

    // The draft is a flow now: its address leads there, and nothing of it is left.
    expect((await operator.get(path)).location).toContain(flow)
    expect((await operator.get(FLOWS)).html).not.toContain(`href="${path}"`)
    expect((await operator.download(`${path}/file/originale`)).status).toBe(404)
  })

  it('that a spreadsheet saved as a CSV of Windows is read with its commas, days and letters', async () => {
    const row = csvRow({
      IUD: 'WIN-1',
      importoDovuto: '"1.234,50 €"',
      dataEsecuzionePagamento: '31/12/2058',
      causaleVersamento: 'L’asilo è qui',
    })
    const text = `${HEADERS.join(';')}\r\n${row}\r\n`
    const { path, page } = await previewOf('win.csv', iconv.encode(text, 'windows-1252'))
    const flow = pathOf(await take(page, path, 'WINDOWS'))
    await whenItSays(flow, ' Caricato</span>')
    const [due] = (await stack
      .db('due')
      .where({ iud: 'WIN-1' })
      .select('importo_cents', 'due_on', 'causale')) as unknown[]
    expect(due).toEqual({ importo_cents: 123450, due_on: '2058-12-31', causale: 'L’asilo è qui' })
  })

  it('asks for another IUF and loses nothing when the IUF is wrong or taken', async () => {
    const { path, page } = await previewOf('x.xlsx', await sheetOf({ IUD: 'IUF-1' }))
    for (const [iuf, words] of [
      ['', 'Scrivi lo IUF'],
      ['a-b', 'Lo IUF ha al massimo 50'],
      ['windows', 'già stato caricato'],
    ] as const) {
      const refused = await take(page, path, iuf)
      expect([refused.status, refused.html.includes(words)]).toEqual([422, true])
      expect(refused.html).toMatch(new RegExp(`id="iuf" name="iuf" value="${iuf}"`))
      expect(refused.html).toContain('aria-invalid="true"')
    }
    expect(pathOf(await take(page, path, 'ALTRO'))).toMatch(/\/flussi\/[0-9a-f-]{36}$/)
  })

  it('that cannot be read says why and how to mend it', async () => {
    const path = pathOf(
      await send(
        'note.xlsx',
        await xlsx([
          ['IUD', 'Note'],
          ['A', 'B'],
        ]),
      ),
    )
    const page = await whenItSays(path, ' Non leggibile</span>')
    expect(page.html).toContain('La colonna “Note” non è del tracciato')
    expect(page.html).not.toContain(`${path}/`)
    const id = path.split('/').at(-1)!
    expect(existsSync(stack.files.path(draftFiles(id).folder))).toBe(false)
    expect((await operator.download(`${path}/file/originale`)).status).toBe(404)
  })

  it('can be given up, and then nothing is loaded and no other file waited for it', async () => {
    const { path, page } = await previewOf('via.xlsx', await sheetOf({ IUD: 'VIA-1' }))
    const zip = await flowZip('C_Q999-PRIMA-1_3', `${HEADERS.join(';')}\n`)
    const meanwhile = await operator.upload(await operator.get(FLOWS), FLOWS, zip)
    await whenItSays(pathOf(meanwhile), ' Caricato</span>')
    const back = await operator.submit(page, `${path}/scarta`)
    expect(pathOf(back)).toBe(FLOWS)
    expect((await operator.get(path)).html).toContain(' Annullato</span>')
    // The form that was still open makes no flow.
    expect(pathOf(await take(page, path, 'TARDI'))).toBe(path)
    expect(await stack.db('flow').where({ iuf: 'TARDI' })).toEqual([])
    const [event] = (await stack.db('event').where({ kind: 'discarded' }).select('data')) as {
      data: { by: string }
    }[]
    expect(event!.data.by).toBe('Olga Operatrice')
  })

  it('that is confirmed twice at once becomes one flow', async () => {
    const { path, page } = await previewOf('due.xlsx', await sheetOf({ IUD: 'DUE-1' }))
    const answers = await Promise.all(['DUE1', 'DUE2', 'DUE1'].map((iuf) => take(page, path, iuf)))
    for (const { status } of answers) expect(status).toBe(303)
    expect(await stack.db('flow').whereIn('iuf', ['DUE1', 'DUE2'])).toHaveLength(1)
    await whenItSays(pathOf(await operator.get(path)), ' Caricato</span>')
    expect(await importiOf('DUE-')).toEqual([123450])
  })

  it('is seen by nobody but the person who sent it', async () => {
    const { path, page } = await previewOf('mio.xlsx', await sheetOf({ IUD: 'MIO-1' }))
    expect((await other.get(path)).status).toBe(404)
    expect((await other.get(`${path}/eventi`)).status).toBe(404)
    expect((await other.download(`${path}/file/originale`)).status).toBe(404)
    expect((await other.get(FLOWS)).html).not.toContain(path)
    const form = await other.get(FLOWS)
    const csrf = /name="_csrf" value="([^"]+)"/.exec(form.html)![1]!
    for (const act of ['carica', 'scarta']) {
      const html = page.html.replace(/name="_csrf" value="[^"]+"/g, `name="_csrf" value="${csrf}"`)
      expect((await other.submit({ ...page, html }, `${path}/${act}`, { iuf: 'NON' })).status).toBe(404)
    }
    expect(await stack.db('flow').where({ iuf: 'NON' })).toEqual([])
  })

  /** A sheet that has arrived and whose process was never started. */
  async function arrived(iud: string, checkAt: string): Promise<string> {
    const id = randomUUID()
    const { db, files } = stack
    await writeFile(await files.prepare(draftFiles(id).original), await sheetOf({ IUD: iud }))
    await db('draft').insert({
      id,
      ente_id: world.enteId,
      operator_id: world.operatorId,
      kind: 'sheet',
      state: 'converting',
      file_name: `${iud}.xlsx`,
      bytes: 1,
      sha256: randomBytes(32),
      wants_notices: false,
      next_check_at: db.raw(`now() + ?::interval`, [checkAt]),
    })
    return id
  }
  const movesOf = (id: string): Promise<unknown[]> =>
    stack.db('event').where({ entity_id: id, kind: 'moved' }).pluck('to_state')

  it('whose process died is converted when the sweep wakes it, and once only', async () => {
    const id = await arrived('MORTO-1', '-1 second')
    await sweep()
    await whenItSays(`${FLOWS}/bozze/${id}`, ' Da confermare</span>')
    await sweep()
    const handle = stack.client.workflow.getHandle(CONVERT_SHEET.id(id))
    await waitUntil(async () => (await handle.describe()).status.name === 'COMPLETED')
    expect(await summaryOf(handle)).toBe('Foglio di calcolo · Comune di Borgo Fittizio')
    expect(await detailsOf(handle)).toContain('letto, righe: 1')
    expect(await movesOf(id)).toEqual(['waiting'])
  })

  it('that stands still is found by support', async () => {
    const id = await arrived('FERMO-1', '1 hour')
    const elena = await enterAsElena(stack.db, createVisitor(stack.publicUrl))
    const said = async () => textOf(await elena.get('/supporto/da-guardare/file-fermi'))
    expect(await said()).not.toContain('FERMO-1')
    await stack
      .db('draft')
      .where({ id })
      .update({ created_at: stack.db.raw(`now() - interval '11 minutes'`) })
    expect(await said()).toMatch(/foglio FERMO-1\.xlsx In lettura, fermo dal/)
  })

  it('that two workers convert at once is converted once, and a third finds it done', async () => {
    const id = await arrived('COPPIA-1', '1 hour')
    const { convertSheet } = createConvertSheetActivities(stack)
    const convert = () => new MockActivityEnvironment().run(convertSheet, { draftId: id })
    await Promise.all([convert(), convert()])
    await convert()
    expect(await movesOf(id)).toEqual(['waiting'])
    const path = `${FLOWS}/bozze/${id}`
    const flow = pathOf(await take(await operator.get(path), path, 'COPPIA'))
    await whenItSays(flow, ' Caricato</span>')
    expect(await importiOf('COPPIA')).toEqual([123450])
  })

  it('whose confirmation dies before its commit is still there, and can be confirmed again', async () => {
    const { path, page } = await previewOf('morte.xlsx', await sheetOf({ IUD: 'MORTE-1' }))
    const { db, files } = stack
    const id = path.split('/').at(-1)!
    const draft = (await findDraft(db, id))!
    const csv = files.path(draftFiles(id).converted)
    const file = {
      path: csv,
      csvBytes: 1,
      source: 'sheet',
      originalName: 'a',
      bytes: 1,
      sha256: draft.sha256,
    } as const
    const name = flowNameOf('C_Q999', 'MORTE', '1_3')
    const sender = { ...draft, codIpa: 'C_Q999', requestToken: null }
    const died = () => Promise.reject(new Error('died'))
    await expect(takeCsv({ db, files }, file, { name, sender }, died)).rejects.toThrow('died')
    expect(await db('flow').where({ iuf: 'MORTE' })).toEqual([])
    await whenItSays(pathOf(await take(page, path, 'MORTE')), ' Caricato</span>')
    expect(await importiOf('MORTE')).toEqual([123450])
  })

  it('that nobody confirms is forgotten after its days, with its files', async () => {
    const { path, page } = await previewOf('vecchio.xlsx', await sheetOf({ IUD: 'VECCHIO-1' }))
    const id = path.split('/').at(-1)!
    await stack
      .db('draft')
      .where({ id })
      .update({ expires_at: stack.db.raw('now()') })
    expect(existsSync(stack.files.path(draftFiles(id).folder))).toBe(true)
    await sweep()
    expect(existsSync(stack.files.path(draftFiles(id).folder))).toBe(false)
    expect(pathOf(await take(page, path, 'VECCHIO'))).toBe(path)
    expect((await operator.get(path)).html).toContain('Nessuno ha confermato in tempo')
  })

  it('that is given up while it is converted stays given up', async () => {
    const id = await arrived('CORSA-1', '1 hour')
    const path = `${FLOWS}/bozze/${id}`
    const page = await operator.get(path)
    expect(page.html).toContain(' In lettura</span>')
    expect(page.html).toContain(`data-live="${path}/eventi"`)
    await operator.submit(page, `${path}/scarta`)
    const { convertSheet } = createConvertSheetActivities(stack)
    await new MockActivityEnvironment().run(convertSheet, { draftId: id })
    expect(await movesOf(id)).toEqual(['discarded'])
  })
})

describe('a CSV without an archive', () => {
  const csv = (iud: string): Buffer =>
    Buffer.from(
      `${HEADERS.join(';')}\n${csvRow({ IUD: iud, importoDovuto: '24.50', dataEsecuzionePagamento: '2058-12-31', flgGeneraIuv: 'true' })}\n`,
    )

  it('with the documented name is loaded at once, as it is written', async () => {
    const flow = pathOf(await send('C_Q999-NUDO-1_3.csv', csv('NUDO-1'), {}))
    const page = await whenItSays(flow, ' Caricato</span>')
    expect(page.html).toContain('C_Q999-NUDO-1_3.csv')
    const original = await operator.download(`${flow}/file/originale`)
    expect([original.name, original.bytes.equals(csv('NUDO-1'))]).toEqual(['C_Q999-NUDO-1_3.csv', true])
    expect((await operator.download(`${flow}/file/convertito`)).status).toBe(404)
  })

  it('with any other name is kept and asks for what the name does not say', async () => {
    const path = pathOf(await send('ottobre.csv', csv('NOME-1'), { avvisi: 'si' }))
    const page = await operator.get(path)
    expect(page.html).toContain('value="ottobre"')
    expect(page.html).toContain('<option value="1_3" selected>')
    const refused = await operator.submit(page, `${path}/carica`, { iuf: 'OTTOBRE', versione: '1_1' })
    expect(refused.status).toBe(422)
    expect(refused.html).toMatch(/id="versione-errore"[^]*nella colonna 20 è atteso “azione”/)
    const flow = pathOf(await operator.submit(page, `${path}/carica`, { iuf: 'OTTOBRE', versione: '1_3' }))
    await whenItSays(flow, ' Caricato</span>')
    expect(await stack.db('flow').where({ iuf: 'OTTOBRE' }).pluck('wants_notices')).toEqual([true])
    expect((await operator.download(`${flow}/file/originale`)).name).toBe('ottobre.csv')
  })

  it('whose IUF is taken is kept and asks for another', async () => {
    const path = pathOf(await send('C_Q999-NUDO-1_3.csv', csv('NUDO-2'), {}))
    const page = await operator.get(path)
    expect([page.status, page.html.includes('già stato caricato: scrivine un altro')]).toEqual([200, true])
    await operator.submit(page, `${path}/carica`, { iuf: 'NUDO2', versione: '1_3' })
    await waitUntil(async () => (await importiOf('NUDO-2')).length === 1)
  })

  it('is judged as written: no comma, no day of Italy, no other header is read without the choice', async () => {
    const text = csv('RIGORE-1').toString().replace('24.50', '24,50')
    const flow = pathOf(await send('C_Q999-RIGORE-1_3.csv', Buffer.from(text), {}))
    await whenItSays(flow, ' Tutto scartato</span>')
    for (const [name, bytes, words] of [
      ['x.csv', Buffer.from('a,b\n1,2\n'), 'non è l’intestazione di nessuna versione'],
      ['x.csv', Buffer.alloc(0), 'vuoto'],
      ['x.pdf', Buffer.from('%PDF'), 'uno zip, un CSV o un XLSX'],
    ] as const) {
      const refused = await send(name, bytes, {})
      expect([name, refused.status, refused.html.includes(words)]).toEqual([name, 422, true])
    }
  })
})

describe('the workbook to fill in', () => {
  it.each(['1_3', '1_4'] as const)(
    'has the columns of %s and can be loaded when it is filled in',
    async (format) => {
      const template = await operator.download(`${FLOWS}/modello?versione=${format}`)
      expect(template.name).toBe(`C_Q999-modello-${format}.xlsx`)
      const [head] = await readSheet(template.bytes)
      expect(head).toEqual(FLOW_COLUMNS[format].map(({ header }) => header))
      const columns = await readSheet(template.bytes, 'Istruzioni')
      expect(columns.slice(1).map(([name]) => name)).toEqual(head)
      const types = await readSheet(template.bytes, 'Tipi dovuto')
      expect(types.map(([code]) => code)).toContain('DIRITTI_VARI')
      expect(types.map(([code]) => code)).not.toContain('TIPO_SENZA_PERMESSO')
      // Empty, it says that it has no rows.
      const path = pathOf(await send(template.name, template.bytes))
      await whenItSays(path, 'nessuna riga')
    },
  )
})
