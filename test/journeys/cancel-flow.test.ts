import { MockActivityEnvironment } from '@temporalio/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCancelFlowActivities } from '../../activities/cancel-flow/index.ts'
import { aFlow, loadFlow } from '../flows/world.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Page, Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

const FLOWS = `/operatore/${CODE}/flussi`
const HEADER =
  'IUD;codIuv;tipoIdentificativoUnivoco;codiceIdentificativoUnivoco;anagraficaPagatore;indirizzoPagatore;civicoPagatore;capPagatore;localitaPagatore;provinciaPagatore;nazionePagatore;mailPagatore;dataEsecuzionePagamento;importoDovuto;commissioneCaricoPa;tipoDovuto;tipoVersamento;causaleVersamento;datiSpecificiRiscossione;bilancio;flgGeneraIuv;azione'

let site: Site
let paolo: Visitor
let sara: Visitor
let ids: { enteId: string; operatorId: string }
let files = 0

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
  const { id: enteId } = (await site.db('ente').first('id').where({ cod_ipa: CODE })) as { id: string }
  const { id: operatorId } = (await site
    .db('operator')
    .first('id')
    .where({ codice_fiscale: PAOLO.codiceFiscale })) as { id: string }
  ids = { enteId, operatorId }
})
afterAll(() => site.close())
beforeEach(() => (files += 1))

interface Row {
  iud: string
  iuv?: string
  importo?: string
  azione?: string
}

/** A file of Paolo with these rows, loaded; returns its id. */
async function aLoadedFlow(name: string, rows: readonly Row[]): Promise<string> {
  const lines = rows.map(
    ({ iud, iuv = '', importo = '24.50', azione = 'I' }) =>
      `${iud};${iuv};F;BNCCHR85H52M999M;Bianchi Chiara;;;;;;IT;;2099-12-31;${importo};;LUCE_VOTIVA;;Causale;9/0114100TS/X;;${iuv === '' ? 'true' : ''};${azione}`,
  )
  const fixture = { db: site.db, files: site.files, world: { ...ids, codIpa: CODE } }
  const id = await aFlow(fixture, {
    base: `${CODE}-${name}${files}-1_3`,
    csv: [HEADER, ...lines, ''].join('\n'),
  })
  await loadFlow(fixture, id)
  return id
}

const many = (count: number): Row[] =>
  Array.from({ length: count }, (_, at) => ({ iud: `CF-${files}-${String(at).padStart(3, '0')}` }))

const dueOf = async (iud: string): Promise<{ id: string; iuv: string; state: string }> =>
  (await site.db('due').where({ iud }).orderBy('id', 'desc').first('id', 'iuv', 'state')) as never

const ask = async (flowId: string): Promise<Page> =>
  paolo.submit(await paolo.get(`${FLOWS}/${flowId}`), '/conferma-annulla')

/** Cancels like the process, until nothing is left. */
async function work(flowId: string): Promise<void> {
  const { cancelSlice } = createCancelFlowActivities(site)
  const slice = () => new MockActivityEnvironment().run(cancelSlice, { flowId, sliceMs: 3_000 })
  await waitUntil(async () => ((await slice()) as { isOver: boolean }).isOver)
}

describe('"Annulla il flusso"', () => {
  it('says how many, how much and what stays, and asks number and reason', async () => {
    const flowId = await aLoadedFlow('FRENI', many(13))
    await site
      .db('due')
      .where({ iud: `CF-${files}-000` })
      .update({ state: 'paid' })
    await site
      .db('due')
      .where({ iud: `CF-${files}-001` })
      .update({ state: 'paying' })
    const question = await ask(flowId)
    expect(textOf(question)).toMatch(
      /Da annullare 11 dovuti, 269,50 € Restano perché in pagamento 1 dovuto, 24,50 € Restano perché pagati 1 dovuto/,
    )
    const blank = await paolo.submit(question, '/annulla')
    expect(blank.status).toBe(422)
    expect(textOf(blank)).toContain('Scrivi in cifre quanti dovuti vuoi annullare.')
    expect(textOf(blank)).toContain('Scrivi perché li annulli.')
    const wrong = await paolo.submit(blank, '/annulla', { numero: '10', perche: 'Ruolo errato' })
    expect(textOf(wrong)).toContain('Hai scritto 10, ma nel flusso ce ne sono 11: 1 in più.')
    expect(wrong.html).toContain('value="Ruolo errato"')
    expect(site.processes.told).not.toContain(`cancel ${flowId}`)
    expect((await site.db('flow').first('state').where({ id: flowId }))!.state).toBe('loaded')

    const done = await paolo.submit(wrong, '/annulla', { numero: '11', perche: 'Ruolo errato' })
    expect(done.status).toBe(303)
    await work(flowId)
    expect(textOf(await paolo.get(`${FLOWS}/${flowId}`))).toMatch(
      /Dovuti annullati: 11, .* Annullato da Paolo Ferri\. Perché: Ruolo errato/,
    )
    const due = await dueOf(`CF-${files}-005`)
    const page = await paolo.get(`/operatore/${CODE}/dovuti/${due.id}`)
    expect(textOf(page)).toMatch(
      /Annullato: con tutto il flusso C_X902-FRENI\d+-1_3, annullato da Paolo Ferri, perché: Ruolo errato/,
    )
    expect(page.html).toContain(`href="${FLOWS}/${flowId}"`)
    // A second click on an old page changes nothing.
    expect((await paolo.submit(wrong, '/annulla', { numero: '11', perche: 'Altro' })).status).toBe(303)
    expect((await site.db('flow').first('cancel_why').where({ id: flowId }))!.cancel_why).toBe('Ruolo errato')
  })

  it('asks again when the form is not that of the page, or when there are more dues now', async () => {
    const flowId = await aLoadedFlow('VECCHIA', many(3))
    const question = await ask(flowId)
    for (const visti of ['', '-1', 'x', '2']) {
      const answer = await paolo.submit(question, '/annulla', { visti, perche: 'Ruolo errato' })
      expect([visti, answer.status, textOf(answer)]).toEqual([
        visti,
        422,
        expect.stringContaining('I dovuti da annullare adesso sono 3'),
      ])
    }
  })
})

describe('a due that later files change', () => {
  it('says which file made it, which changed and which cancelled it, and the first file counts it as passed', async () => {
    const [one, two, three] = many(3)
    const first = await aLoadedFlow('PRIMO', [one!, two!, three!])
    const { iuv } = await dueOf(one!.iud)
    const { iuv: other } = await dueOf(two!.iud)
    const second = await aLoadedFlow('SECONDO', [{ ...one!, iuv, importo: '30.00', azione: 'M' }])
    const third = await aLoadedFlow('TERZO', [
      { ...one!, iuv, importo: '30.00', azione: 'A' },
      { ...two!, iuv: other, azione: 'A' },
    ])
    const due = await dueOf(one!.iud)
    expect(due.state).toBe('cancelled')
    const page = await paolo.get(`/operatore/${CODE}/dovuti/${due.id}`)
    expect(textOf(page)).toMatch(
      /Caricato con il flusso C_X902-PRIMO\d+-1_3 \(inviato da Paolo Ferri\) Apri il flusso/,
    )
    expect(textOf(page)).toMatch(/con la riga 1 del flusso C_X902-SECONDO\d+-1_3 \(inviato da Paolo Ferri\)/)
    expect(textOf(page)).toMatch(/con la riga 1 del flusso C_X902-TERZO\d+-1_3 \(inviato da Paolo Ferri\)/)
    for (const flow of [first, second, third]) expect(page.html).toContain(`href="${FLOWS}/${flow}"`)
    expect(textOf(await paolo.get(`${FLOWS}/${first}`))).toContain(
      'Oggi: 1 da riscuotere, 2 passati ad altri flussi.',
    )
    expect(textOf(await paolo.get(`${FLOWS}/${third}`))).toMatch(
      /Righe di annullamento \(A\) 2 .*Oggi: 0 da riscuotere, 2 annullati\./,
    )
  })

  it('links only files that the reader may open', async () => {
    const [one] = many(1)
    const flowId = await aLoadedFlow('ALTRUI', [one!])
    const { id } = await dueOf(one!.iud)
    const { id: saraId } = (await site
      .db('operator')
      .first('id')
      .where({ codice_fiscale: SARA.codiceFiscale })) as { id: string }
    await site.db('flow').where({ id: flowId }).update({ operator_id: saraId })
    const page = await paolo.get(`/operatore/${CODE}/dovuti/${id}`)
    expect(textOf(page)).toContain('(inviato da Sara Gallo)')
    expect(page.html).not.toContain(flowId)
    expect((await sara.get(`/operatore/${CODE}/dovuti/${id}`)).html).toContain(flowId)
  })
})

it('a row M without IUV hears where the IUV stands', async () => {
  const [one] = many(1)
  await aLoadedFlow('SENZAIUV', [one!])
  const flowId = await aLoadedFlow('SENZAIUVM', [{ ...one!, importo: '30.00', azione: 'M' }])
  const page = textOf(await paolo.get(`${FLOWS}/${flowId}`))
  expect(page).toContain('è nel CSV dell’elenco dei dovuti e nel file “Righe accettate, con gli IUV”')
})

it('a check that would load nothing does not offer to load', async () => {
  const fixture = { db: site.db, files: site.files, world: { ...ids, codIpa: CODE } }
  const id = await aFlow(fixture, {
    base: `${CODE}-NIENTE${files}-1_3`,
    csv: [
      HEADER,
      'X;;F;BNCCHR85H52M999M;B;;;;;;IT;;2099-12-31;0;;LUCE_VOTIVA;;C;9/0114100TS/X;;true;I',
      '',
    ].join('\n'),
    isCheck: true,
  })
  await loadFlow(fixture, id)
  const page = textOf(await paolo.get(`${FLOWS}/${id}`))
  expect(page).toContain('così com’è non caricherebbe niente')
  expect(page).not.toContain('caricalo adesso')
})
