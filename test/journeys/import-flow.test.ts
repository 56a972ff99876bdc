import { readFileSync } from 'node:fs'
import type { WorkflowHandle } from '@temporalio/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { flowFiles } from '../../services/file-store.ts'
import { CANCEL_FLOW } from '../../workflows/cancel-flow/contract.ts'
import { IMPORT_FLOW } from '../../workflows/import-flow/contract.ts'
import { PATIENCE } from '../../workflows/processes.ts'
import { aFlowWorld, unzip, type FlowWorld } from '../flows/world.ts'
import { flowZip, zipOf } from '../flows/zip.ts'
import { mailsTo } from '../setup/mailbox.ts'
import { openToOthers } from '../setup/modes.ts'
import { detailsOf, summaryOf } from '../setup/process-words.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, formOf, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const sample = (path: string): string =>
  readFileSync(new URL(`../fixtures/flows/${path}`, import.meta.url), 'utf8')

const OPERATOR = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }

let stack: Stack
let world: FlowWorld
let operator: Visitor

beforeAll(async () => {
  // Small chunks and short turns, so that there is time to pause between them.
  const patience = { ...PATIENCE, flow: { ...PATIENCE.flow, sliceMs: 1 } }
  stack = await startStack({ patience, readLimits: { chunkBytes: 30_000, lineBytes: 64 * 1024 } })
  world = await aFlowWorld(stack.db)
  await stack
    .db('operator')
    .where({ id: world.operatorId })
    .update({ codice_fiscale: OPERATOR.codiceFiscale })
  operator = await signInAs(stack.db, createVisitor(stack.publicUrl), OPERATOR)
})
afterAll(() => stack.close())

const FLOWS = '/operatore/C_Q999/flussi'

async function send(base: string, csv: string | Buffer): Promise<Page> {
  return operator.upload(await operator.get(FLOWS), FLOWS, await flowZip(base, csv))
}

/** Asks for the page five times a second, because each answer takes work from the import on the same cores. */
async function whenItSays(path: string, words: string, timeoutMs = 15_000): Promise<Page> {
  let page = await operator.get(path)
  await waitUntil(async () => (page = await operator.get(path)).html.includes(words), timeoutMs, 200)
  return page
}

it('an operator loads a file, reads what became of it and gets the outcome files', async () => {
  const base = 'C_Q999-ERRORI202501-1_3'
  const sent = await send(base, sample(`import-errors/${base}.csv`))
  expect(sent.status).toBe(303)
  const path = new URL(sent.location!).pathname
  const page = await whenItSays(path, ' scarti</span>')
  const count = / Caricato con (8\d) scarti</.exec(page.html)![1]
  expect(page.html).toContain(`Scartati</dt><dd>${count}<`)
  expect(page.html).toContain('COD_IUV TROPPO GRANDE')

  const original = await operator.download(`${path}/file/originale`)
  expect(original.name).toBe(`${base}.zip`)
  expect([...(await unzip(original.bytes)).keys()]).toEqual([`${base}.csv`])
  const rejects = await operator.download(`${path}/file/scarti`)
  expect(rejects.name).toBe(`${base}_SCARTI.zip`)
  const text = (await unzip(rejects.bytes)).get(`${base}_SCARTI.csv`)!.toString()
  expect(text.split('\n')[0]).toMatch(/;azione;cod_rifiuto;de_rifiuto$/)
  expect((await operator.get(FLOWS)).html).toContain(`${base}.zip`)
})

it('the fields of the form may come after the file', async () => {
  const base = 'C_Q999-DIETRO202501-1_1'
  const { name, bytes } = await flowZip(
    base,
    sample('import/C_Q999-CUP202501-1_1.csv').replaceAll('CUP-', 'DIE-'),
  )
  const page = await operator.get(FLOWS)
  const send = async (csrf: string) => {
    const body = new FormData()
    body.append('file', new Blob([new Uint8Array(bytes)]), name)
    body.append('avvisi', 'si')
    body.append('_csrf', csrf)
    const headers = { cookie: operator.cookie() }
    return fetch(new URL(FLOWS, stack.publicUrl), { method: 'POST', body, headers, redirect: 'manual' })
  }
  expect((await send('of somebody else')).status).toBe(403)
  expect((await send(formOf(page.html, FLOWS).hidden['_csrf']!)).status).toBe(303)
  expect(await stack.db('flow').where({ base_name: base }).pluck('wants_notices')).toEqual([true])
})

it.each(['1_0', '1_1', '1_2', '1_3', '1_4'])(
  'the example file of version %s is taken as it is downloaded, and loaded whole',
  async (format) => {
    const example = await operator.download(`${FLOWS}/esempio?versione=${format}`)
    expect(example.name).toMatch(new RegExp(`^C_Q999-ESEMPIO\\d{17}-${format}\\.zip$`))
    const sent = await operator.upload(await operator.get(FLOWS), FLOWS, example)
    expect(sent.status).toBe(303)
    const page = await whenItSays(new URL(sent.location!).pathname, ' Caricato</span>')
    expect(page.html).toMatch(/Caricati<\/dt><dd>2</)
    expect(page.html).toMatch(/Scartati<\/dt><dd>0</)
  },
)

it('who sent a file and its ente are told by mail what became of it', async () => {
  const base = 'C_Q999-POSTA202501-1_0'
  await send(base, sample('import-errors/C_Q999-ERRORI202503-1_0.csv'))
  for (const address of ['olga@example.org', 'ente@example.org']) {
    const mail = await waitUntil(async () =>
      (await mailsTo(stack.simulator.url, address)).find((text) => text.includes(`${base}.zip`)),
    )
    expect(mail).toContain(`Resoconto Caricamento file: ${base}.zip`)
    expect(mail).toMatch(/Righe scartate: (<strong>)?3/)
  }
})

it('a file is cancelled: what can still be paid goes, what is paid or being paid stays', async () => {
  const base = 'C_Q999-ANNULLA202501-1_3'
  const csv = sample('import/C_Q999-TRIBUTI202501-1_3.csv')
    .replaceAll('T13-', 'ANN-')
    .replaceAll('12010000000003168', '')
  const path = new URL((await send(base, csv)).location!).pathname
  await whenItSays(path, ' Caricato</span>')
  await stack.db('due').where({ iud: 'ANN-0002' }).update({ state: 'paid' })
  await stack.db('due').where({ iud: 'ANN-0003' }).update({ state: 'paying' })
  const question = await operator.submit(await operator.get(path), '/conferma-annulla')
  const answer = await operator.submit(question, '/annulla', { perche: 'Caricato per sbaglio' })
  expect(answer.status).toBe(303)
  const page = await whenItSays(path, 'Dovuti annullati: 6, mantenuti perché già pagati: 1')
  expect(page.html).toContain('in corso di pagamento: 1.')
  const states = (await stack.db('due').where('iud', 'like', 'ANN-%').pluck('state')) as string[]
  expect(states.filter((state) => state === 'cancelled')).toHaveLength(6)
  const { flow, cancelling } = processesOf(path)
  await cancelling.result()
  expect(await summaryOf(flow)).toBe(`Flusso ${base}.zip · Comune di Borgo Fittizio`)
  expect(await detailsOf(flow)).toBe('Caricato')
  expect(await summaryOf(cancelling)).toBe(`Annullamento del flusso ${base}.zip · Comune di Borgo Fittizio`)
  expect(await detailsOf(cancelling)).toBe('dovuti annullati: 6')
  // The IUF and the IUDs can be used again.
  expect((await send(base, csv)).status).toBe(303)
})

/** The processes of the file of this page. */
function processesOf(path: string): { flow: WorkflowHandle; cancelling: WorkflowHandle } {
  const flowId = path.slice(path.lastIndexOf('/') + 1)
  const handle = (id: string): WorkflowHandle => stack.client.workflow.getHandle(id)
  return { flow: handle(IMPORT_FLOW.id(flowId)), cancelling: handle(CANCEL_FLOW.id(flowId)) }
}

it('notices are printed when they are asked for: one per row with a number of ours', async () => {
  const base = 'C_Q999-AVVISI202501-1_3'
  const csv = sample('import/C_Q999-TRIBUTI202501-1_3.csv')
    .replaceAll('T13-', 'AVV-')
    .replaceAll('12010000000003168', '')
  const sent = await operator.upload(await operator.get(FLOWS), FLOWS, await flowZip(base, csv), {
    avvisi: 'si',
  })
  const path = new URL(sent.location!).pathname
  const page = await whenItSays(path, ' Caricato</span>')
  expect(page.html).toContain('Avvisi preparati: 6 di 6')
  expect(openToOthers(stack.files.path('flows'))).toEqual([])
  const { name, bytes } = await operator.download(`${path}/file/avvisi`)
  expect(name).toBe(`${base}_AVVISI_PDF.zip`)
  const printed = await unzip(bytes)
  const iuvs = (await stack
    .db('due')
    .where('iud', 'like', 'AVV-%')
    .whereNotNull('iuv')
    .pluck('iuv')) as string[]
  expect([...printed.keys()].sort()).toEqual(iuvs.map((iuv) => `avviso_${iuv}.pdf`).sort())
  for (const pdf of printed.values()) expect(pdf.subarray(0, 4).toString()).toBe('%PDF')
})

it('a paused file waits, loads nothing more, and goes on from where it was', async () => {
  const header = sample('import/C_Q999-LUCE202501-1_0.csv').split('\n')[0]!
  const row = (n: number) =>
    `PAUSA-${n};;F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;;;2030-09-30;24.50;;LUCE_VOTIVA;;Luce votiva;9/0114100TS/LV;I`
  const base = 'C_Q999-PAUSA202501-1_1'
  const csv = [header, ...Array.from({ length: 8_000 }, (_, n) => row(n))].join('\n')
  const path = new URL((await send(base, csv)).location!).pathname
  const flowId = path.split('/').at(-1)!
  await waitUntil(async () => {
    const flow = (await stack.db('flow').first('rows_read').where({ id: flowId })) as { rows_read: number }
    return flow.rows_read > 0
  })
  await operator.submit(await operator.get(path), '/sospendi')
  const paused = (await stack.db('flow').first('state', 'rows_read').where({ id: flowId })) as {
    state: string
    rows_read: number
  }
  expect(paused.state).toBe('paused')
  expect(paused.rows_read).toBeLessThan(8_000)
  expect(openToOthers(stack.files.path(flowFiles(flowId).loadedParts))).toEqual([])
  await operator.submit(await operator.get(path), '/riprendi')
  await whenItSays(path, ' Caricato</span>', 40_000)
  const [count] = (await stack.db('due').where({ flow_id: flowId }).count('* as n')) as { n: number }[]
  expect(count!.n).toBe(8_000)
})

it.each([
  [
    'another version',
    'C_Q999-LUCE202501-1_9.zip',
    { 'C_Q999-LUCE202501-1_9.csv': 'x' },
    'versione del tracciato',
  ],
  ['another ente', 'C_Q998-LUCE1-1_0.zip', { 'C_Q998-LUCE1-1_0.csv': 'x' }, 'deve essere C_Q999'],
  ['no parts', 'luce.zip', { 'luce.csv': 'x' }, 'tre parti'],
  ['an empty file', 'C_Q999-VUOTO-1_0.zip', { 'C_Q999-VUOTO-1_0.csv': '' }, 'vuoto'],
  [
    'another header',
    'C_Q999-TESTA-1_0.zip',
    { 'C_Q999-TESTA-1_0.csv': 'IUD;iuv\n' },
    'nella colonna 2 è atteso “codIuv”',
  ],
  ['two files', 'C_Q999-DUE-1_0.zip', { 'C_Q999-DUE-1_0.csv': 'x', 'y.csv': 'y' }, 'anche “y.csv”'],
])('is not taken and leaves nothing behind: %s', async (_, name, entries, words) => {
  const before = (await stack.db('flow').count('* as n')) as { n: number }[]
  const page = await operator.upload(await operator.get(FLOWS), FLOWS, {
    name,
    bytes: await zipOf(entries as Record<string, string>),
  })
  expect(page.status).toBe(422)
  expect(page.html).toContain(words)
  expect(await stack.db('flow').count('* as n')).toEqual(before)
})
