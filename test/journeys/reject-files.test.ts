import { readFileSync } from 'node:fs'
import Papa from 'papaparse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IMPORT_FLOW } from '../../workflows/import-flow/contract.ts'
import { aFlowWorld, type FlowWorld } from '../flows/world.ts'
import { xlsx, type RawCell } from '../flows/xlsx.ts'
import { flowZip, zipOf } from '../flows/zip.ts'
import { textOf } from '../setup/citizen-site.ts'
import { detailsOf, summaryOf } from '../setup/process-words.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, typed, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const OPERATOR = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const FLOWS = '/operatore/C_Q999/flussi'
const CHECK = { azione: 'controlla' }

let stack: Stack
let world: FlowWorld
let operator: Visitor

beforeAll(async () => {
  stack = await startStack()
  world = await aFlowWorld(stack.db)
  await stack
    .db('operator')
    .where({ id: world.operatorId })
    .update({ codice_fiscale: OPERATOR.codiceFiscale })
  operator = await signInAs(stack.db, createVisitor(stack.publicUrl), OPERATOR)
})
afterAll(() => stack.close())

const HEADER = readFileSync(
  new URL('../fixtures/flows/import/C_Q999-TRIBUTI202501-1_3.csv', import.meta.url),
  'utf8',
).split('\n')[0]!

const row = (iud: string, { amount = '24.50', causale = 'Luce votiva' } = {}): string =>
  `${iud};;F;BNCCHR85H52M999M;Bianchi Chiara;Piazza Libertà;;;;;;;2099-09-30;${amount};;LUCE_VOTIVA;;${causale};9/0114100TS/LV;;true;I`

/** Four rows: two good, one with a wrong amount, one whose causale acts as a formula and whose amount is wrong. */
const rowsOf = (name: string): string[] => [
  HEADER,
  row(`${name}-1`),
  row(`${name}-2`, { amount: '24,50' }),
  row(`${name}-3`),
  row(`${name}-4`, { amount: '1e3', causale: '=2+3' }),
]

interface Sent {
  path: string
  id: string
}

function sentOf(page: Page): Sent {
  if (page.status !== 303) throw new Error(`${page.status} ${page.html.slice(0, 3_000)}`)
  const path = new URL(page.location!).pathname
  return { path, id: path.slice(path.lastIndexOf('/') + 1) }
}

const send = async (
  base: string,
  rows: readonly string[],
  fields: Record<string, string> = {},
): Promise<Page> =>
  operator.upload(await operator.get(FLOWS), FLOWS, await flowZip(base, rows.join('\n')), fields)

async function whenItSays(path: string, words: string): Promise<Page> {
  let page = await operator.get(path)
  await waitUntil(async () => (page = await operator.get(path)).html.includes(words))
  return page
}

const duesOf = (name: string): Promise<{ iud: string; importo_cents: number; causale: string }[]> =>
  stack.db('due').select('iud', 'importo_cents', 'causale').where('iud', 'like', `${name}-%`).orderBy('iud')

async function aLoadedFlow(name: string): Promise<Sent & { page: Page }> {
  const sent = sentOf(await send(`C_Q999-${name}-1_3`, rowsOf(name)))
  return { ...sent, page: await whenItSays(sent.path, ' Caricato con 2 scarti</span>') }
}

const rejectsCsv = async (path: string): Promise<string> => {
  const { status, bytes } = await operator.download(`${path}/file/scarti-con-rimedi`)
  expect(status).toBe(200)
  return bytes.toString('utf8')
}

const corrected = (csv: string): string => csv.replaceAll('24,50', '24.50').replaceAll('1e3', '1000.00')

const correct = (
  page: Page,
  bytes: Buffer | string,
  { name = 'Scarti corretti (2).csv', ...fields }: { name?: string; iuf: string; azione?: string },
): Promise<Page> => operator.upload(page, '/correzione', { name, bytes: Buffer.from(bytes) }, fields)

describe('“Controlla senza caricare”', () => {
  it('says what the file would do, writes nothing, and loads the same file when asked', async () => {
    const base = 'C_Q999-PROVA1-1_3'
    const { path, id } = sentOf(await send(base, rowsOf('PROVA1'), { ...CHECK, avvisi: 'si' }))
    const page = await whenItSays(path, ' Controllo: 2 scarti</span>')
    expect(page.html).toContain('non è stato scritto nessun dovuto')
    expect(page.html).toContain('Sarebbero caricati</dt><dd>2<')
    expect(page.html).toContain('Sarebbero scartati</dt><dd>2<')
    expect(page.html).toContain('importoDovuto “24,50”: Scrivilo come 24.50')
    expect(page.html).not.toContain('/sospendi')
    expect(await duesOf('PROVA1')).toEqual([])
    expect(await stack.db('iuv_counter').where({ domain: '99999900014' })).toEqual([])
    const list = await operator.get(`${FLOWS}?stato=check_partly`)
    expect(list.html).toMatch(new RegExp(`${base}\\.zip</a>[\\s\\S]*Controllo: 2 scarti</span>`))
    expect((await operator.get(`${FLOWS}?stato=partly_loaded`)).html).not.toContain(`${base}.zip</a>`)
    const handle = stack.client.workflow.getHandle(IMPORT_FLOW.id(id))
    expect(await summaryOf(handle)).toBe(`Controllo di ${base}.zip · Comune di Borgo Fittizio`)
    expect(await detailsOf(handle)).toBe('controllato senza caricare, righe lette: 4')

    const loaded = sentOf(await operator.submit(page, '/carica'))
    const after = await whenItSays(loaded.path, ' Caricato con 2 scarti</span>')
    expect(after.html).toMatch(/Caricati<\/dt><dd>2</)
    expect(after.html).toContain('Avvisi preparati: 2 di 2')
    expect(after.html).toContain(`Controllato prima in</dt><dd><a href="${path}">`)
    expect((await duesOf('PROVA1')).map(({ iud }) => iud)).toEqual(['PROVA1-1', 'PROVA1-3'])
    const original = await operator.download(`${loaded.path}/file/originale`)
    expect(original.bytes).toEqual((await operator.download(`${path}/file/originale`)).bytes)

    const before = await whenItSays(path, 'Caricato poi in')
    expect(before.html).toContain(`<a href="${loaded.path}">`)
    expect(before.html).not.toContain('Carica adesso')
    expect(sentOf(await operator.submit(page, '/carica')).id).toBe(loaded.id)
  })

  it('“Carica adesso” may be pressed twice at the same time: one file is loaded, and both see it', async () => {
    const { path } = sentOf(await send('C_Q999-DOPPIO1-1_3', rowsOf('DOPPIO1'), CHECK))
    const page = await whenItSays(path, ' Controllo: 2 scarti</span>')
    const answers = await Promise.all([1, 2].map(() => operator.submit(page, '/carica')))
    expect(new Set(answers.map((answer) => sentOf(answer).id)).size).toBe(1)
    const flows = await stack.db('flow').where({ base_name: 'C_Q999-DOPPIO1-1_3', is_check: false })
    expect(flows).toHaveLength(1)
  })

  it('leaves the name free, and is refused like a load when name or bytes are loaded already', async () => {
    const [base, rows] = ['C_Q999-NOME1-1_3', rowsOf('NOME1')]
    const first = sentOf(await send(base, rows, CHECK))
    await whenItSays(first.path, ' Controllo: 2 scarti</span>')
    sentOf(await send(base, rows, CHECK))
    const loaded = sentOf(await send(base, rows))
    await whenItSays(loaded.path, ' Caricato con 2 scarti</span>')
    const late = await operator.submit(await operator.get(first.path), '/carica')
    expect(late.status).toBe(422)
    expect(late.html).toContain('Intanto un altro flusso con questo IUF è stato caricato')
    const refused = await send(base, [HEADER, row('NOME1-9')], CHECK)
    expect([refused.status, refused.html.includes('questo IUF è già stato caricato')]).toEqual([422, true])
  })

  it('a file without errors says so, one without good rows has nothing to load', async () => {
    const clean = sentOf(await send('C_Q999-PULITO1-1_3', [HEADER, row('PULITO1-1')], CHECK))
    expect((await whenItSays(clean.path, ' Controllo: nessuno scarto</span>')).html).toContain(
      'Carica adesso',
    )
    const bad = sentOf(await send('C_Q999-BRUTTO1-1_3', [HEADER, row('BRUTTO1-1', { amount: 'x' })], CHECK))
    const page = await whenItSays(bad.path, ' Controllo: tutto scartato</span>')
    expect(page.html).not.toContain('Carica adesso')
    const all = sentOf(await send('C_Q999-BRUTTO2-1_3', [HEADER, row('BRUTTO2-1', { amount: 'x' })]))
    await whenItSays(all.path, ' Tutto scartato</span>')
  })
})

describe('“Carica la correzione”', () => {
  it('takes the corrected rows under any name and a new IUF, and links the two files', async () => {
    const { path, page } = await aLoadedFlow('CORR1')
    const csv = await rejectsCsv(path)
    expect(csv.startsWith('\uFEFFIUD;')).toBe(true)
    expect(csv.split('\r\n')[0]).toMatch(/;azione;cod_rifiuto;de_rifiuto;rimedio;riga$/)
    expect(csv).toContain(
      'importoDovuto “24,50”: Scrivilo come 24.50, senza segno e senza separatore delle migliaia.',
    )
    expect(csv).toContain(";'=2+3;")
    expect(typed(page)).toMatchObject({ iuf: 'CORR1_C1' })

    const sent = sentOf(await correct(page, corrected(csv), { iuf: 'CORR1_C1' }))
    const after = await whenItSays(sent.path, ' Caricato</span>')
    expect(after.html).toContain('C_Q999-CORR1_C1-1_3.csv')
    expect(after.html).toContain(`Correzione di</dt><dd><a href="${path}">C_Q999-CORR1-1_3.zip</a>`)
    expect((await operator.get(path)).html).toContain(`Corretto da</dt><dd><a href="${sent.path}">`)
    expect(await duesOf('CORR1')).toEqual([
      { iud: 'CORR1-1', importo_cents: 2450, causale: 'Luce votiva' },
      { iud: 'CORR1-2', importo_cents: 2450, causale: 'Luce votiva' },
      { iud: 'CORR1-3', importo_cents: 2450, causale: 'Luce votiva' },
      { iud: 'CORR1-4', importo_cents: 100000, causale: '=2+3' },
    ])
    const { bytes, name } = await operator.download(`${sent.path}/file/originale`)
    expect([name, bytes.toString('utf8')]).toEqual(['Scarti corretti (2).csv', corrected(csv)])
  })

  it('rows that are not corrected are rejected again, and the correction is corrected', async () => {
    const { path, page } = await aLoadedFlow('CORR2')
    const csv = await rejectsCsv(path)
    const once = sentOf(await correct(page, csv.replace('24,50', '24.50'), { iuf: 'CORR2_C1' }))
    const second = await whenItSays(once.path, ' Caricato con 1 scarto</span>')
    expect(typed(second)).toMatchObject({ iuf: 'CORR2_C2' })
    const zip = await zipOf({ 'un nome qualsiasi.csv': corrected(await rejectsCsv(once.path)) })
    const twice = sentOf(await correct(second, zip, { name: 'corretto.zip', iuf: 'CORR2_C2' }))
    await whenItSays(twice.path, ' Caricato</span>')
    expect((await duesOf('CORR2')).map(({ iud }) => iud)).toEqual([
      'CORR2-1',
      'CORR2-2',
      'CORR2-3',
      'CORR2-4',
    ])
  })

  it('rows that were loaded meanwhile are rejected like any other row', async () => {
    const { path, page } = await aLoadedFlow('CORR3')
    const csv = corrected(await rejectsCsv(path))
    const one = sentOf(await correct(page, csv, { iuf: 'CORR3_C1' }))
    await whenItSays(one.path, ' Caricato</span>')
    const same = await correct(await operator.get(path), csv, { iuf: 'CORR3_C2' })
    expect([same.status, same.html.includes('Questo stesso file è già stato caricato')]).toEqual([422, true])
    const other = sentOf(await correct(same, `${csv}\r\n`, { iuf: 'CORR3_C2' }))
    const after = await whenItSays(other.path, ' Tutto scartato</span>')
    expect(after.html).toContain(
      'IUD: È già caricato uguale (riga 1 di C_Q999-CORR3_C1-1_3): togli questa riga.',
    )
  })

  it('two at once with the same IUF: one is taken', async () => {
    const { path, page } = await aLoadedFlow('CORR4')
    const csv = corrected(await rejectsCsv(path))
    const answers = await Promise.all(
      [1, 2].map((n) => correct(page, `${csv}${'\n'.repeat(n)}`, { iuf: 'CORR4_C1' })),
    )
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([303, 422])
    const refused = answers.find(({ status }) => status === 422)!
    expect(refused.html).toContain('Un flusso con questo IUF c’è già: scrivine un altro.')
    expect(typed(refused)).toMatchObject({ iuf: 'CORR4_C1' })
  })

  it('can be checked first, and then loaded as a correction', async () => {
    const { path, page } = await aLoadedFlow('CORR5')
    const csv = corrected(await rejectsCsv(path))
    const check = sentOf(await correct(page, csv, { iuf: 'CORR5_C1', ...CHECK }))
    const checked = await whenItSays(check.path, ' Controllo: nessuno scarto</span>')
    expect((await operator.get(path)).html).not.toContain('Corretto da</dt>')
    const loaded = sentOf(await operator.submit(checked, '/carica'))
    await whenItSays(loaded.path, ' Caricato</span>')
    expect((await operator.get(path)).html).toContain(`Corretto da</dt><dd><a href="${loaded.path}">`)
  })

  /** The rejected rows as a person saves them from a spreadsheet: the amounts typed anew as numbers, all else as it stands. */
  const asXlsx = (csv: string): Promise<Buffer> => {
    const [header = [], ...rows] = Papa.parse<string[]>(csv.replace('\uFEFF', '').trim(), {
      delimiter: ';',
    }).data
    const amount = header.indexOf('importoDovuto')
    const typedAnew = (cells: string[]): RawCell[] =>
      cells.map((cell, at) => (at === amount ? { v: cell === '1e3' ? '1000' : '24.5' } : cell))
    return xlsx([header, ...rows.map(typedAnew)])
  }

  it('a spreadsheet is converted and confirmed first, may be checked, and is loaded as the correction', async () => {
    const { path, page } = await aLoadedFlow('CORR10')
    const file = { name: 'Scarti di Olga.xlsx', bytes: await asXlsx(await rejectsCsv(path)) }
    const sent = sentOf(await operator.upload(page, '/correzione', file, { iuf: 'CORR10_C1' }))
    expect(sent.path).toContain('/flussi/bozze/')
    await whenItSays(sent.path, 'action="' + sent.path + '/carica"')
    const draft = await operator.get(sent.path)
    expect(typed(draft)).toMatchObject({ iuf: 'CORR10_C1' })
    const check = sentOf(await operator.submit(draft, '/carica', { iuf: 'CORR10_C1', ...CHECK }))
    const checked = await whenItSays(check.path, ' Controllo: nessuno scarto</span>')
    expect(await duesOf('CORR10')).toHaveLength(2)
    const loaded = sentOf(await operator.submit(checked, '/carica'))
    const after = await whenItSays(loaded.path, ' Caricato</span>')
    expect(after.html).toContain(`Correzione di</dt><dd><a href="${path}">`)
    expect((await duesOf('CORR10')).slice(1)).toEqual([
      { iud: 'CORR10-2', importo_cents: 2450, causale: 'Luce votiva' },
      { iud: 'CORR10-3', importo_cents: 2450, causale: 'Luce votiva' },
      { iud: 'CORR10-4', importo_cents: 100000, causale: '=2+3' },
    ])
    const original = await operator.download(`${loaded.path}/file/originale`)
    expect([original.status, original.bytes.equals(file.bytes)]).toEqual([200, true])
  })

  it('the XLSX of the rejected rows comes back as it is: what a sheet says in one way only is read, the rest is rejected again', async () => {
    const { path, page } = await aLoadedFlow('CORR11')
    const file = await operator.download(`${path}/file/scarti-con-rimedi.xlsx`)
    expect([file.status, file.name]).toEqual([200, 'C_Q999-CORR11-1_3_SCARTI_CON_RIMEDI.xlsx'])
    const sent = sentOf(await operator.upload(page, '/correzione', file, { iuf: 'CORR11_C1' }))
    const draft = await whenItSays(sent.path, 'action="' + sent.path + '/carica"')
    const loaded = sentOf(await operator.submit(draft, '/carica', { iuf: 'CORR11_C1' }))
    const after = await whenItSays(loaded.path, ' Caricato con 1 scarto</span>')
    expect(after.html).toContain('CORR11-4')
    expect(await duesOf('CORR11')).toContainEqual({
      iud: 'CORR11-2',
      importo_cents: 2450,
      causale: 'Luce votiva',
    })
    const again = await rejectsCsv(loaded.path)
    expect(again).toContain(";'=2+3;")
  })

  it.each([
    ['a dash', 'CORR6-C1', 'senza spazi né trattini'],
    ['blank', ' ', 'senza spazi né trattini'],
    ['what a copy adds', 'CORR6 (2)', 'senza spazi né trattini'],
    ['one that is taken', 'CORR6', 'c’è già'],
    ['51 characters', 'C'.repeat(51), 'al massimo 50'],
  ])('an IUF is refused beside its field, and nothing stays: %s', async (what, iuf, words) => {
    const name = `CORR6${what.length}`
    const { path, page, id } = await aLoadedFlow(name)
    const csv = await rejectsCsv(path)
    const answer = await correct(page, csv, { iuf: iuf === 'CORR6' ? name : iuf })
    expect([answer.status, answer.html.includes(words)]).toEqual([422, true])
    expect(answer.html).toContain('id="iuf-errore"')
    expect(await stack.db('flow').where({ corrects_id: id })).toEqual([])
  })

  it('a file that is no CSV of the version is refused beside its field, and the IUF stays as typed', async () => {
    const { page } = await aLoadedFlow('CORR7')
    const answer = await correct(page, 'IUD;altro\nx;y\n', { iuf: 'SCELTO_DA_ME' })
    expect(answer.status).toBe(422)
    expect(answer.html).toContain('nella colonna 2 è atteso “codIuv”, c’è “altro”')
    expect(typed(answer)).toMatchObject({ iuf: 'SCELTO_DA_ME' })
    const many = await correct(page, await zipOf({ 'a.csv': 'x', 'b.csv': 'y' }), { iuf: 'CORR7_C1' })
    expect([many.status, many.html.includes('più di un CSV')]).toEqual([422, true])
  })

  it('only a loaded file with rejected rows can be corrected', async () => {
    const { page } = await aLoadedFlow('CORR8')
    const clean = sentOf(await send('C_Q999-CORR9-1_3', [HEADER, row('CORR9-1')]))
    const without = await whenItSays(clean.path, ' Caricato</span>')
    expect(textOf(without)).not.toContain('Carica la correzione')
    const html = page.html.replace(/action="[^"]*\/correzione"/, `action="${clean.path}/correzione"`)
    const answer = await correct({ ...page, html }, HEADER, { iuf: 'CORR9_C1' })
    expect(answer.status).toBe(404)
  })
})
