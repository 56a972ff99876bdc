import { afterAll, beforeAll, expect, it } from 'vitest'
import { noticeHref } from '../../templates/signed-link.ts'
import { iuv17, noticeNumber } from '../../domain/iuv.ts'
import { drawnCodes, readCode } from '../../templates/documents/testing/pdf-squares.ts'
import { pdfText } from '../../templates/documents/testing/pdf-text.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { KEYS } from '../setup/keys.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const CHIARA = {
  codiceFiscale: 'BNCCHR85H52M999M',
  anagrafica: 'Chiara Bianchi',
  email: 'chiara@example.org',
}
const LUCE = iuv17({ segregationCode: '22', progressive: 1 })

let site: Site
let dueId: string
let instant: string | undefined

beforeAll(async () => {
  site = await startSite({ clock: () => instant ?? new Date().toISOString() })
  dueId = ((await site.db('due').where({ iuv: LUCE }).first('id')) as { id: string }).id
})
afterAll(() => site.close())

interface Opened {
  status: number
  type: string | null
  name: string | null
  body: Buffer
}

async function open(path: string, visitor?: Visitor): Promise<Opened> {
  const answer = await fetch(new URL(path, site.url), { headers: { cookie: visitor?.cookie() ?? '' } })
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    name: answer.headers.get('content-disposition'),
    body: Buffer.from(await answer.arrayBuffer()),
  }
}

const hrefs = (html: string): string[] =>
  [...html.matchAll(/href="(\/avvisi\/[^"]+)"/g)].map((match) =>
    match[1]!.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'),
  )

it('the page of a notice leads to its PDF, whose QR pays that notice', async () => {
  const visitor = site.visitor()
  const fields = { 'codice-avviso': LUCE, 'intestatario-codice': CHIARA.codiceFiscale }
  await visitor.submit(await visitor.get('/avviso'), '/avviso', fields)
  const [href] = hrefs((await visitor.get('/avviso/esito')).html)
  const pdf = await open(href!)
  expect([pdf.status, pdf.type, pdf.name]).toEqual([
    200,
    'application/pdf',
    `inline; filename="MYPAY_AVVISO_99999902028_${LUCE}.pdf"`,
  ])
  const codes = drawnCodes(pdf.body)
  expect(readCode(codes[0]!, 'qr')).toBe(`PAGOPA|002|${noticeNumber(LUCE)}|99999902028|1850`)
  expect(readCode(codes[1]!, 'datamatrix')).toContain(`18${noticeNumber(LUCE)}12001000000202100000001850`)
  expect(pdfText(pdf.body)).toMatch(/COLLAUDO[\s\S]*Chiara Bianchi[\s\S]*Payment notice/)
})

it('the open positions of a signed-in citizen lead to their PDFs; the unsigned address works for the owner only', async () => {
  const chiara = await signInAs(site.db, site.visitor(), CHIARA)
  const links = hrefs((await chiara.get('/area/posizioni')).html)
  expect(links.length).toBeGreaterThan(0)
  expect((await open(links[0]!)).status).toBe(200)
  expect((await open(`/avvisi/${dueId}.pdf`, chiara)).status).toBe(200)
  const stefano = await signInAs(site.db, site.visitor(), { ...CHIARA, codiceFiscale: 'GLLSFN78D14M999X' })
  expect((await open(`/avvisi/${dueId}.pdf`, stefano)).status).toBe(403)
})

it('a link opens what it was made for, by whom it was made, until it ends', async () => {
  const now = new Date().toISOString()
  const href = noticeHref(KEYS.link, dueId, now)
  const { id: other } = (await site.db('due').whereNot({ id: dueId }).whereNotNull('iuv').first('id')) as {
    id: string
  }
  expect((await open(href)).status).toBe(200)
  for (const wrong of [
    href.replace(dueId, other),
    href.replace(/firma=.*/, 'firma=x'),
    noticeHref(['another key'], dueId, now),
    `/avvisi/${dueId}.pdf`,
    '/avvisi/00000000-0000-4000-8000-000000000000.pdf',
  ])
    expect([wrong, (await open(wrong)).status]).toEqual([wrong, 403])
  expect((await open('/avvisi/x.pdf')).status).toBe(404)
  instant = new Date(Date.now() + 2 * 3_600_000 + 1000).toISOString()
  expect((await open(href)).status).toBe(403)
  instant = undefined
})

it('a notice that can no longer be paid is not printed, and the page says where to look', async () => {
  const href = noticeHref(KEYS.link, dueId, new Date().toISOString())
  const due = site.db('due').where({ id: dueId })
  await due.clone().update({ state: 'paying' })
  const page = await site.visitor().get(href)
  expect([page.status, textOf(page)]).toEqual([
    409,
    expect.stringMatching(/non si può stampare.*Cerca l’avviso/),
  ])
  await due.clone().update({ state: 'payable' })
  const tipo = site.db('ente_due_type').where({ code: 'LUCE_VOTIVA' })
  await tipo.clone().update({ notice_enabled: false })
  expect((await open(href)).status).toBe(409)
  await tipo.clone().update({ notice_enabled: true })
  expect((await open(href)).status).toBe(200)
})
