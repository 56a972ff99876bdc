import JSZip from 'jszip'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerRt } from '../../api/node/answer-rt.ts'
import { aBegunPayment, askAbout, payCartActivities, US } from '../setup/begun.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, ELENA, newDues, PAOLO } from '../setup/operators.ts'
import { aReportedRow, aReportingFlow } from '../setup/reporting.ts'
import { buildRtFor } from '../setup/rt.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const LIST = `/operatore/${CODE}/rendicontazione`

let site: Site
let paolo: Visitor
let elena: Visitor
let ente: { enteId: string; domain: string }
let due: { id: string; iuv: string; cartId: string }
let flows: { id: string; name: string }[]

beforeAll(async () => {
  site = await startSite({ limitFactor: 1000 })
  const { db } = site
  paolo = await signInAs(db, site.visitor(), PAOLO)
  elena = await signInAs(db, site.visitor(), ELENA)
  ente = (await db('ente')
    .first({ enteId: 'id', domain: 'codice_fiscale' })
    .where({ cod_ipa: CODE })) as typeof ente
  await aPayment()
  flows = []
  for (const at of ['2026-03-30T10:00:00Z', '2026-03-31T10:00:00Z', '2026-04-01T10:00:00Z']) {
    const id = await aReportingFlow(db, ente)
    await db('reporting_flow')
      .where({ id })
      .update({
        flow_at: at,
        regulation: `TRN-${at.slice(0, 10)}`,
        regulated_on: at.slice(0, 10),
        psp_name: 'Banca di prova',
      })
    flows.push({ id, name: await nameOf(id) })
  }
  await aReportedRow(db, flows[1]!.id, { domain: ente.domain, iuv: '22000000000000171' })
  await aReportedRow(db, flows[1]!.id, { domain: ente.domain, iuv: due.iuv, position: 2 })
  await db('reporting_flow').where({ id: flows[1]!.id }).update({ rows: 2, rows_cents: 2100 })
}, 60_000)
afterAll(() => site.close())

async function aPayment(): Promise<void> {
  const { db } = site
  const [id] = await newDues(db, [9_101])
  const { cartId, attemptIds } = await aBegunPayment(db, [id!])
  await answerRt(db, US, (await buildRtFor(db, attemptIds[0]!)).envelope)
  await payCartActivities(db).settleCart(askAbout(cartId))
  const { iuv } = (await db('attempt').first('iuv').where({ id: attemptIds[0] })) as { iuv: string }
  due = { id: id!, iuv, cartId }
}

async function nameOf(id: string): Promise<string> {
  const row = (await site.db('reporting_flow').first('flow_id').where({ id })) as { flow_id: string }
  return `60000000001_${row.flow_id}_1`
}

const unescaped = (html: string): string => html.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')

describe('from a payment to the flow and its transfer', () => {
  const line =
    'Rendicontato da Banca di prova (60000000001): 10,50 €, 0 · pagato; bonifico TRN-2026-03-31 del 31/03/2026'
  const href = () => `${LIST}/${flows[1]!.id}?dopo=1&riga=2`

  it('on the page of the due, where the link opens the flow at the row', async () => {
    const page = await paolo.get(`/operatore/${CODE}/dovuti/${due.id}`)
    expect(textOf(page)).toContain(line)
    expect(unescaped(page.html)).toContain(`href="${href()}"`)
    const flow = textOf(await paolo.get(href()))
    expect(flow).toContain(due.iuv)
    expect(flow).not.toContain('22000000000000171')
  })

  it('on the page of the payment for support', async () => {
    const page = await elena.get(`/supporto/pagamenti/${due.cartId}`)
    expect(textOf(page)).toContain(`${line} (IUV ${due.iuv})`)
    expect(unescaped(page.html)).toContain(`href="${href()}"`)
  })

  it('of the current revision alone', async () => {
    await site.db('reporting_flow').where({ id: flows[1]!.id }).update({ is_current: false })
    expect(textOf(await paolo.get(`/operatore/${CODE}/dovuti/${due.id}`))).not.toContain('Rendicontato da')
    await site.db('reporting_flow').where({ id: flows[1]!.id }).update({ is_current: true })
  })
})

describe('the flows of a period as one archive', () => {
  const march = 'prodotto-dal=2026-03-01&prodotto-al=2026-03-31'

  it('has each flow of the search as XML and as CSV', async () => {
    const list = await paolo.get(`${LIST}?${march}`)
    expect(textOf(list)).toContain(
      'Scarica i 2 flussi trovati in un archivio zip, in XML e CSV (pagamenti 2)',
    )
    const link = /href="([^"]+\.zip[^"]*)"/.exec(unescaped(list.html))![1]!
    const zip = await paolo.download(link)
    expect(zip.name).toBe(`rendicontazione_${CODE}_2026-03-01_2026-03-31.zip`)
    const { files } = await JSZip.loadAsync(zip.bytes)
    const names = flows.slice(0, 2).flatMap(({ name }) => [`${name}.xml`, `${name}.csv`])
    expect(Object.keys(files)).toEqual(names)
    const one = await paolo.download(`${LIST}/${flows[1]!.id}.xml`)
    expect(await files[names[2]!]!.async('string')).toBe(one.bytes.toString())
    expect(one.bytes.toString()).toContain(`<identificativoUnivocoVersamento>${due.iuv}<`)
    expect(await files[names[3]!]!.async('string')).toContain(due.iuv)
  })

  it('leaves out what a newer revision replaced, unless it is asked for', async () => {
    await site.db('reporting_flow').where({ id: flows[0]!.id }).update({ is_current: false })
    const of = async (query: string) =>
      Object.keys((await JSZip.loadAsync((await paolo.download(`${LIST}.zip?${query}`)).bytes)).files).length
    expect(await of(march)).toBe(2)
    expect(await of(`${march}&stato=old`)).toBe(2)
    await site.db('reporting_flow').where({ id: flows[0]!.id }).update({ is_current: true })
  })

  it('is refused where it would be too large, and the page says how much is too much', async () => {
    await site.db('reporting_flow').where({ id: flows[0]!.id }).update({ rows: 199_999 })
    const answer = await paolo.get(`${LIST}.zip?${march}`)
    expect([answer.status, answer.location]).toEqual([303, `${site.url}${LIST}?${march}`])
    expect(textOf(await paolo.get(`${LIST}?${march}`))).toContain(
      'I flussi trovati sono 2, con 200.001 pagamenti: per scaricarli in un archivio zip stringi il periodo',
    )
    await site.db('reporting_flow').where({ id: flows[0]!.id }).update({ rows: 199_998 })
    expect((await paolo.download(`${LIST}.zip?${march}`)).status).toBe(200)
    await site.db('reporting_flow').where({ id: flows[0]!.id }).update({ rows: 0 })
  })

  it('of a search that finds nothing or cannot be read is the list', async () => {
    for (const query of ['prodotto-dal=2020-01-01&prodotto-al=2020-01-02', 'prodotto-dal=ieri'])
      expect((await paolo.get(`${LIST}.zip?${query}`)).status).toBe(303)
    expect((await paolo.get(LIST + '?prodotto-dal=2020-01-01&prodotto-al=2020-01-02')).html).not.toContain(
      '.zip',
    )
  })
})

it('the file of the old classes is linked for the days of the search', async () => {
  const path = `/operatore/${CODE}/riconciliazione`
  const page = unescaped((await paolo.get(`${path}?dal=2026-03-31&iuv=1`)).html)
  const link = `${path}/classi.csv?dal=2026-03-31`
  expect(page).toContain(`href="${link}"`)
  const file = await paolo.download(link)
  expect(file.name).toBe(`classi-${CODE}.csv`)
  const [titles, ...lines] = file.bytes.toString().trim().split('\r\n')
  expect(titles).toContain('Di che cosa;')
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^Pagamento rendicontato;.*;22000000000000171;IUR-22000000000000171;;31\/03\/2026;10,50;IUV_NO_RT$/,
    ),
  )
  const before = await paolo.download(`${path}/classi.csv?al=2020-01-01`)
  expect(before.bytes.toString().trim()).toBe(titles)
  expect((await paolo.get(`${path}/classi.csv?dal=ieri`)).status).toBe(303)
})

it('who downloaded is in the register, with the flow or the archive', async () => {
  await paolo.download(`${LIST}/${flows[1]!.id}.xml`)
  await paolo.download(`${LIST}/${flows[1]!.id}.csv`)
  await paolo.download(`${LIST}.zip?prodotto-dal=2026-03-01`)
  const { flow_id } = (await site.db('reporting_flow').first('flow_id').where({ id: flows[1]!.id })) as {
    flow_id: string
  }
  const register = textOf(await elena.get('/admin/accessi'))
  for (const about of [
    `flusso ${flow_id}, ${flows[1]!.name}.xml`,
    `flusso ${flow_id}, ${flows[1]!.name}.csv`,
    `rendicontazione_${CODE}_2026-03-01.zip`,
  ])
    expect(register).toContain(`Ha scaricato flussi di rendicontazione ${about}`)
})

it('nothing is sent when the register cannot be written', async () => {
  await site.db.raw(`alter table event add constraint no_trace check (kind <> 'accessed') not valid`)
  const classes = `/operatore/${CODE}/riconciliazione/classi.csv`
  for (const path of [`${LIST}/${flows[1]!.id}.xml`, `${LIST}/${flows[1]!.id}.csv`, `${LIST}.zip`, classes]) {
    const { status, html } = await paolo.get(path)
    expect([path, status]).toEqual([path, 500])
    expect(html).not.toContain(due.iuv)
  }
  await site.db.raw('alter table event drop constraint no_trace')
})
