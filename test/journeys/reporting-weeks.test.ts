import { afterAll, beforeAll, expect, it } from 'vitest'
import { countReportingWeeks } from '../../db/figures/reporting-weeks.ts'
import { romeDay } from '../../domain/calendar.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, enterAsElena, SARA } from '../setup/operators.ts'
import { reported } from '../setup/reporting.ts'
import { signInAs } from '../setup/session.ts'
import { aCredit } from '../setup/treasury.ts'
import type { Page, Visitor } from '../setup/visitor.ts'

const HOME = `/operatore/${CODE}`

let site: Site
let sara: Visitor
let elena: Visitor

beforeAll(async () => {
  site = await startSite()
  sara = await signInAs(site.db, site.visitor(), SARA)
  elena = await enterAsElena(site.db, site.visitor())
})
afterAll(() => site.close())

/** The part of a page about reporting. */
const section = ({ html }: Page): string =>
  /<section class="mt-5" aria-labelledby="rendicontazione">[\s\S]*?<\/section>/.exec(html)?.[0] ?? ''

const linkOf = (part: string, name: string): string =>
  new RegExp(`<a href="([^"]+)"><span[^>]*>[^<]*</span> ${name}</a>`)
    .exec(part)![1]!
    .replaceAll('&amp;', '&')
    .replaceAll('&#x3D;', '=')

it('before the first fetch, ente and region say when it is', async () => {
  expect(textOf(await sara.get(HOME))).toContain('Nessun flusso di rendicontazione è stato ancora chiesto.')
  expect(textOf(await elena.get('/admin/numeri'))).toContain('all’una, alle 7, alle 13 e alle 19')
})

it('says what was reported and credited by week, and each number leads to its list', async () => {
  const { db } = site
  const { id: enteId, codice_fiscale: domain } = (await db('ente')
    .first('id', 'codice_fiscale')
    .where({ cod_ipa: CODE })) as { id: string; codice_fiscale: string }
  const { id: operatorId } = (await db('operator')
    .first('id')
    .where({ codice_fiscale: SARA.codiceFiscale })) as { id: string }
  await db('reporting_run').insert({ ente_id: enteId, process_id: 'prova' })
  const rows = [
    { iuv: '01000000000000081', importoCents: 12_300, code: 'NEVER_SEEN' },
    { iuv: '01000000000000082', importoCents: 4_500 },
  ]
  const reportingFlowId = await reported(db, { enteId, domain, rows })
  const { creditId } = await aCredit(db, { enteId, operatorId, reportingFlowId })
  const today = romeDay(new Date().toISOString())
  await db('reporting_flow').where({ id: reportingFlowId }).update({ flow_at: db.fn.now() })
  await db('treasury_credit').where({ id: creditId }).update({ booked_on: today })
  await countReportingWeeks(db)

  const page = await sara.get(HOME)
  const part = section(page)
  expect(part).toMatch(/168,00\s€<\/span> Rendicontato/)
  expect(part).toMatch(/10,50\s€<\/span> Accreditato/)
  expect(part).toMatch(/123,00\s€<\/span> Da spiegare/)
  expect(part).toContain('1 proposta da decidere')
  expect(part).toContain(`href="${HOME}/tesoreria/proposte"`)
  expect(part).not.toContain('Nessun flusso di rendicontazione')
  const open = textOf(await sara.get(linkOf(part, 'Da spiegare')))
  expect(open).toContain('01000000000000081')
  expect(open).not.toContain('01000000000000082')
  const flows = await sara.get(linkOf(part, 'Rendicontato'))
  expect(flows.html).toContain(reportingFlowId)
  for (const name of ['Riscosso', 'Accreditato', 'Accrediti senza flusso'])
    expect((await sara.get(linkOf(part, name))).status).toBe(200)

  const region = section(await elena.get('/admin/numeri'))
  expect(region).toMatch(/168,00\s€<\/span> <strong>Rendicontato/)
  expect(region).toContain('<svg class="mypay-chart"')
  // The ente with money to explain leads to that money.
  const ente = /<td[^>]*><a href="([^"]+denaro[^"]+)">/
    .exec(region)![1]!
    .replaceAll('&amp;', '&')
    .replaceAll('&#x3D;', '=')
  expect(textOf(await elena.get(ente))).toContain('01000000000000081')
})
