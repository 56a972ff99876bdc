import { afterAll, beforeAll, expect, it } from 'vitest'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import pino from 'pino'
import { EXPORT_FLOW } from '../../workflows/export-flow/contract.ts'
import { recordWritten } from '../../db/export/export.ts'
import { exportFile } from '../../services/file-store.ts'
import { SWEEP, sweepOnce } from '../../workers/sweep.ts'
import { unzip } from '../flows/world.ts'
import { mailsTo } from '../setup/mailbox.ts'
import { detailsOf, summaryOf } from '../setup/process-words.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const PAOLO = { codiceFiscale: 'FRRPLA64P30M999Q', anagrafica: 'Paolo Ferri', email: 'paolo@example.org' }
const EXPORTS = '/operatore/C_X902/esportazioni'

let stack: Stack
let paolo: Visitor

beforeAll(async () => {
  stack = await startStack({ seed: true })
  paolo = await signInAs(stack.db, createVisitor(stack.publicUrl), PAOLO)
})
afterAll(() => stack.close())

const linkIn = (html: string): string | undefined =>
  /href="([^"]+\/esportazioni\/[^"]+\.zip)"/.exec(html)?.[1]

it('an export is booked, shown at once, downloaded when it is ready, and its booker is told', async () => {
  const page = await paolo.get(EXPORTS)
  const fields = { tracciato: '1_3', dal: '2026-01-01', al: '2026-06-30', tipo: '' }
  expect((await paolo.submit(page, '/esportazioni', fields)).status).toBe(303)
  expect((await paolo.get(EXPORTS)).html).toContain('Pagati dal 01/01/2026 al 30/06/2026 (1.3)')
  const link = await waitUntil(async () => linkIn((await paolo.get(EXPORTS)).html))
  const { status, name, bytes } = await paolo.download(link)
  expect(status).toBe(200)
  expect(name).toMatch(/^C_X902-1001_ESTRAZIONE_DOVUTI_\d{14}-1_3\.zip$/)
  const [[file, content]] = [...(await unzip(bytes))] as [[string, Buffer]]
  expect(file).toBe(name.replace('.zip', '.csv'))
  expect(content.toString().split('\n')[0]!.split(';')).toHaveLength(74)
  const mail = await waitUntil(async () =>
    (await mailsTo(stack.simulator.url, 'paolo.ferri@example.org')).find((text) =>
      text.includes('Esportazione pronta'),
    ),
  )
  expect(mail).toContain(name.replace('.zip', ''))
  expect((await createVisitor(stack.publicUrl).download(link)).status).toBe(303)
})

it('the Temporal UI names the process of an export by its days and its ente', async () => {
  const [id] = (await stack.db('export').orderBy('number').limit(1).pluck('id')) as string[]
  const process = stack.client.workflow.getHandle(EXPORT_FLOW.id(id!))
  await process.result()
  expect(await summaryOf(process)).toBe(
    "Esportazione dei pagati dal 01/01/2026 al 30/06/2026 · Comune di Pieve Sant'Elmo",
  )
  expect(await detailsOf(process)).toBe('esportazione pronta')
})

it('the page is Italian for who chose another language on the pages of citizens', async () => {
  await paolo.get('/?lingua=de')
  const { html } = await paolo.get(EXPORTS)
  await paolo.get('/?lingua=it')
  expect(html).toContain('<html lang="it">')
  expect(html).toContain('Vai al contenuto principale')
})

it('an impossible period gets an error beside its field', async () => {
  const page = await paolo.get(EXPORTS)
  const fields = { tracciato: '1_3', dal: '2026-07-01', al: '2026-06-30', tipo: '' }
  const answer = await paolo.submit(page, '/esportazioni', fields)
  expect(answer.status).toBe(422)
  expect(answer.html).toContain('Scrivi una data finale non prima di quella iniziale.')
})

it('dues that were not paid on their day are exported by type', async () => {
  const answer = await paolo.submit(await paolo.get(EXPORTS), '/scaduti', {
    scadenza: '2026-01-31',
    'tipo-scaduti': 'LUCE_VOTIVA',
  })
  expect(answer.status).toBe(303)
  await waitUntil(async () => {
    const { html } = await paolo.get(EXPORTS)
    return html.includes('Scaduti il 31/01/2026, LUCE_VOTIVA') && html.includes('EXP_SCADUTI_')
  })
})

async function anExport(row: Record<string, unknown>): Promise<string> {
  const [ente] = (await stack.db('ente').select('id').where({ cod_ipa: 'C_X902' })) as [{ id: string }]
  const [operator] = (await stack
    .db('operator')
    .select('id')
    .where({ codice_fiscale: PAOLO.codiceFiscale })) as [{ id: string }]
  // The next check is far away, so that the sweep does not start a process for this export, which has none.
  const common = { ente_id: ente.id, operator_id: operator.id, next_check_at: '2099-01-01' }
  const [made] = (await stack
    .db('export')
    .insert({ ...common, kind: 'expired', due_on: '2025-01-31', ...row })
    .returning('id')) as [{ id: string }]
  return made.id
}

it('a running export shows its progress, which never goes back', async () => {
  const id = await anExport({ state: 'running' })
  await recordWritten(stack.db, id, { written: 1_500, total: 6_000 })
  await recordWritten(stack.db, id, { written: 40, total: 6_000 })
  const { html } = await paolo.get(EXPORTS)
  expect(html).toContain('1.500 righe di 6.000')
  expect(html).toContain('value="25"')
  await stack.db('export').where({ id }).update({ state: 'failed', error_code: 'PROVA' })
})

it('the open page gets news of every export of its operator, not only of the newest', async () => {
  const older = await anExport({ state: 'running' })
  await anExport({ state: 'running' })
  const page = new AbortController()
  const answer = await fetch(`${stack.publicUrl}${EXPORTS}/eventi`, {
    headers: { cookie: paolo.cookie() },
    signal: page.signal,
  })
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  expect((await reader.read()).value).toContain('changed')
  await recordWritten(stack.db, older, { written: 10, total: 20 })
  expect((await reader.read()).value).toContain('changed')
  page.abort()
})

it('the list is searched by name of the file and by day of booking', async () => {
  const of = (base_name: string, created_at: string) =>
    anExport({ state: 'deleted', base_name, created_at, rows: 1, zip_bytes: 1, csv_bytes: 1 })
  await of('EXP_SCADUTI_VECCHIO', '2025-02-10T23:30:00Z')
  const list = async (search: string) => (await paolo.get(`${EXPORTS}?${search}`)).html
  const OLD = '11/02/2025'
  expect(await list('nome=vecchio')).toContain(OLD)
  expect(await list('nome=nuovo')).toContain('Nessuna esportazione trovata.')
  // 23:30 UTC is half past midnight in Rome, so the booking belongs to the next day.
  expect(await list('prenotata-dal=2025-02-11&prenotata-al=2025-02-11')).toContain(OLD)
  expect(await list('prenotata-dal=2025-02-10&prenotata-al=2025-02-10')).not.toContain(OLD)
})

it('the file of an export is kept for thirty days, and then it is gone with its link', async () => {
  const ready = async (daysAgo: number) => {
    const values = { state: 'ready', base_name: `EXP_${daysAgo}`, rows: 1, zip_bytes: 1, csv_bytes: 1 }
    const id = await anExport({ ...values, sha256: Buffer.alloc(32) })
    await stack
      .db('export')
      .where({ id })
      .update({ ended_at: stack.db.raw(`now() - ? * interval '1 day'`, [daysAgo]) })
    await writeFile(await stack.files.prepare(exportFile(id)), 'zip')
    return id
  }
  const [kept, old] = [await ready(29), await ready(31)]
  const page = (await paolo.get(EXPORTS)).html
  const linkOf = (id: string): string => new RegExp(`href="([^"]+/${id}\\.zip)"`).exec(page)![1]!
  const download = async (id: string) => (await paolo.download(linkOf(id))).status
  expect([await download(kept), await download(old)]).toEqual([200, 200])
  await sweepOnce({ ...stack, log: pino({ level: 'silent' }), ...SWEEP })
  expect([await download(kept), await download(old)]).toEqual([200, 404])
  expect([kept, old].map((id) => existsSync(stack.files.path(exportFile(id))))).toEqual([true, false])
  expect((await paolo.get(EXPORTS)).html).toContain('Non più disponibile')
})
