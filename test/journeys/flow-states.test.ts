import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertFlow } from '../../db/flow/flow.ts'
import { uuidv7 } from '../../db/ground/uuid.ts'
import { aFlowWorld } from '../flows/world.ts'
import { startSite, type Site } from '../setup/citizen-site.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const FLOWS = '/operatore/C_Q999/flussi'
const OPERATOR = { codiceFiscale: 'VRDGLI70A41M999W', anagrafica: 'Giulia Verdi', email: 'paolo@example.org' }

/** IUF, rows read, rows rejected, the state that people see after loading, and its value in the filter. */
const FILES: [iuf: string, read: number, rejected: number, words: string, filter: string][] = [
  ['TUTTO', 5, 0, 'Caricato', 'loaded'],
  ['SOLOTESTA', 0, 0, 'Caricato', 'loaded'],
  ['UNO', 1_500, 1, 'Caricato con 1 scarto', 'partly_loaded'],
  ['QUASI', 1_500, 1_499, 'Caricato con 1.499 scarti', 'partly_loaded'],
  ['NIENTE', 6, 6, 'Tutto scartato', 'all_rejected'],
]

let site: Site
let operator: Visitor
const ids = new Map<string, string>()

beforeAll(async () => {
  site = await startSite()
  const { enteId, operatorId } = await aFlowWorld(site.db)
  const { codiceFiscale: codice_fiscale } = OPERATOR
  await site.db('operator').where({ id: operatorId }).update({ codice_fiscale })
  for (const [iuf, rows_read, rows_rejected] of FILES) {
    const id = uuidv7()
    ids.set(iuf, id)
    await insertFlow(site.db, {
      id,
      enteId,
      baseName: `C_Q999-${iuf}-1_0`,
      iuf,
      format: '1_0',
      operatorId,
      requestToken: null,
      sha256: createHash('sha256').update(id).digest(),
      zipBytes: 1,
      csvBytes: 1,
      wantsNotices: false,
      header: 'IUD',
      firstByte: 0,
    })
    const counts = { rows_read, rows_rejected, rows_loaded: rows_read - rows_rejected }
    for (const state of ['loading', 'writing', 'loaded'])
      await site
        .db('flow')
        .where({ id })
        .update({ ...counts, state })
  }
  operator = await signInAs(site.db, site.visitor(), OPERATOR)
})
afterAll(() => site.close())

const namesIn = (html: string): string[] =>
  [...html.matchAll(/C_Q999-(\w+)-1_0\.zip<\/a>/g)].map(([, iuf]) => iuf!)

it('the state that people see depends on the rows of a file, on its page and in the list', async () => {
  const list = (await operator.get(FLOWS)).html
  for (const [iuf, , , words] of FILES) {
    const page = await operator.get(`${FLOWS}/${ids.get(iuf)}`)
    expect(page.html).toContain(` ${words}</span>`)
    expect(list).toMatch(
      new RegExp(`C_Q999-${iuf}-1_0\\.zip</a>.*?data-label="Stato"><span[^>]*><svg.*?</svg> ${words}</span>`),
    )
  }
})

it.each(['loaded', 'partly_loaded', 'all_rejected', 'refused'])(
  'the list can be filtered by the states that people see: %s',
  async (stato) => {
    const { html } = await operator.get(`${FLOWS}?stato=${stato}`)
    const expected = FILES.filter(([, , , , filter]) => filter === stato).map(([iuf]) => iuf)
    expect(namesIn(html).sort()).toEqual(expected.sort())
    expect(html).toContain(`<option value="${stato}" selected>`)
  },
)

it('a file that is being cancelled has only that state, on its page and in the list', async () => {
  const id = ids.get('UNO')!
  await site.db('flow').where({ id }).update({ state: 'cancelling' })
  expect((await operator.get(`${FLOWS}/${id}`)).html).toContain(' Annullamento in corso</span>')
  expect(namesIn((await operator.get(`${FLOWS}?stato=partly_loaded`)).html)).toEqual(['QUASI'])
})
