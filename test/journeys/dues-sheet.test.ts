import { afterAll, beforeAll, expect, it } from 'vitest'
import readExcelFile from 'read-excel-file/node'
import { EXPORT_FLOW } from '../../workflows/export-flow/contract.ts'
import { textOf } from '../setup/citizen-site.ts'
import { CODE, newDues, PAOLO } from '../setup/operators.ts'
import { mailsTo } from '../setup/mailbox.ts'
import { detailsOf, summaryOf } from '../setup/process-words.ts'
import { signInAs } from '../setup/session.ts'
import { startStack, type Stack } from '../setup/stack.ts'
import { createVisitor, type Page, type Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const DUES = `/operatore/${CODE}/dovuti`
const EXPORTS = `/operatore/${CODE}/esportazioni`
const PAYER = 'Zenobia Quarantotti'
const SEARCH = `${DUES}?debitore=quarantotti&ordine=importo-alto`

let stack: Stack
let paolo: Visitor

beforeAll(async () => {
  stack = await startStack({ seed: true })
  paolo = await signInAs(stack.db, createVisitor(stack.publicUrl), PAOLO)
  await newDues(stack.db, [31, 32, 33], {
    values: (n) => ({
      causale: n === 31 ? '=HYPERLINK("http://x")' : `Rata ${n}`,
      importo_cents: n * 1_000 + 5,
      due_on: '2099-03-31',
      pagatore_codice: 'QRNZNB80A41M999X',
      pagatore: JSON.stringify({ tipo: 'F', codice: 'QRNZNB80A41M999X', anagrafica: PAYER }),
    }),
  })
})
afterAll(() => stack.close())

const book = async (search = SEARCH): Promise<Page> => paolo.submit(await paolo.get(search), '/foglio')

const linksIn = (page: Page): string[] => [
  ...new Set([...page.html.matchAll(/href="([^"]+\/esportazioni\/[^"]+\.xlsx)"/g)].map(([, href]) => href!)),
]

interface Booked {
  id: string
  state: string
  search: unknown
}
const sheets = (): Promise<Booked[]> => stack.db('export').where({ kind: 'dues' }).orderBy('number')

it('a search is booked as a workbook, whose page has the file when it is ready', async () => {
  const sent = await book()
  expect(sent.location).toBe(stack.publicUrl + EXPORTS)
  expect(textOf(await paolo.get(EXPORTS))).toContain('Il foglio Excel si sta preparando')
  const link = await waitUntil(async () => linksIn(await paolo.get(EXPORTS))[0])
  const { status, name, bytes } = await paolo.download(link)
  expect([status, name]).toEqual([200, expect.stringMatching(/^dovuti-C_X902-\d+\.xlsx$/)])
  const [sheet] = await readExcelFile(bytes)
  const [header, ...rows] = sheet!.data
  expect(header).toEqual([
    'IUD',
    'IUV',
    'Codice fiscale',
    'Debitore',
    'Causale',
    'Importo',
    'Scadenza',
    'Stato',
    'Tipo dovuto',
    'Ultima variazione',
  ])
  // The order of the list; an IUV with all its digits; an amount that can be summed; a text that is no formula.
  expect(rows.map((row) => [row[0], row[4], row[5]])).toEqual([
    ['NUOVO-33', 'Rata 33', 330.05],
    ['NUOVO-32', 'Rata 32', 320.05],
    ['NUOVO-31', '=HYPERLINK("http://x")', 310.05],
  ])
  for (const row of rows) expect(row[1]).toMatch(/^\d{17}$/)
  expect(rows[0]![6]).toEqual(new Date('2099-03-31T00:00:00Z'))
})

it('the mail to its booker names the file', async () => {
  const { name } = await paolo.download(linksIn(await paolo.get(EXPORTS))[0]!)
  const mail = await waitUntil(async () =>
    (await mailsTo(stack.simulator.url, 'paolo.ferri@example.org')).find((text) => text.includes('dovuti-')),
  )
  expect(mail).toContain(name)
})

it('has the same cells as the CSV of the search', async () => {
  const [link] = linksIn(await paolo.get(EXPORTS))
  const [sheet] = await readExcelFile((await paolo.download(link!)).bytes)
  const csv = (await paolo.get(SEARCH.replace('/dovuti?', '/dovuti.csv?'))).html.trim().split('\r\n')
  expect(csv).toHaveLength(sheet!.data.length)
  const iuvs = csv.slice(1).map((line) => line.split(';')[1])
  expect(sheet!.data.slice(1).map((row) => row[1])).toEqual(iuvs)
})

it('keeps the search no longer than it needs it, and out of the process', async () => {
  const [booked] = await sheets()
  expect(booked).toMatchObject({ state: 'ready', search: null })
  const process = stack.client.workflow.getHandle(EXPORT_FLOW.id(booked!.id))
  const history = JSON.stringify(await process.fetchHistory(), (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : value,
  )
  expect(history).toContain(booked!.id)
  expect(history.toLowerCase()).not.toContain('quarantotti')
  expect(await summaryOf(process)).toBe("Foglio dei dovuti trovati · Comune di Pieve Sant'Elmo")
  expect(await detailsOf(process)).toBe('esportazione pronta')
})

it('is kept by nobody else: another session, another ending, another ente find nothing', async () => {
  const [link] = linksIn(await paolo.get(EXPORTS))
  expect((await createVisitor(stack.publicUrl).download(link!)).status).toBe(303)
  expect((await paolo.download(link!.replace('.xlsx', '.zip'))).status).toBe(404)
  const [zip] = (await stack
    .db('export')
    .insert({
      kind: 'expired',
      state: 'ready',
      due_on: '2020-01-01',
      base_name: 'EXP_X',
      rows: 1,
      ente_id: stack.db('ente').select('id').where({ cod_ipa: CODE }),
      operator_id: stack.db('operator').select('id').where({ codice_fiscale: PAOLO.codiceFiscale }),
    })
    .returning('id')) as { id: string }[]
  expect((await paolo.download(`${EXPORTS}/${zip!.id}.xlsx`)).status).toBe(404)
})

it('a filter that cannot be read books nothing, and never all dues', async () => {
  const before = (await sheets()).length
  const form = await paolo.get(SEARCH)
  const answer = await paolo.submit(form, '/foglio', { ricerca: 'importo-da=abc' })
  expect(answer.status).toBe(303)
  expect((await paolo.get(answer.location!.replace(stack.publicUrl, ''))).status).toBe(422)
  expect(await sheets()).toHaveLength(before)
})
