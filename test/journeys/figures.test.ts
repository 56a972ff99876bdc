import readExcelFile from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldFigures } from '../../db/figures/keep.ts'
import { addDays, formatDay, romeDay } from '../../domain/calendar.ts'
import { deliver } from '../check/payments.ts'
import { askAbout, aBegunPayment, payCartActivities } from '../setup/begun.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { CODE, enterAsElena, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { unescaped, type Page, type Visitor } from '../setup/visitor.ts'

const HOME = `/operatore/${CODE}`
/** SQL condition: Paolo, who may not use every type of the ente. */
const HIS = { 'u.codice_fiscale': PAOLO.codiceFiscale }

let site: Site
let paolo: Visitor
let sara: Visitor
let elena: Visitor

beforeAll(async () => {
  site = await startSite()
  paolo = await signInAs(site.db, site.visitor(), PAOLO)
  sara = await signInAs(site.db, site.visitor(), SARA)
  elena = await enterAsElena(site.db, site.visitor())
})
afterAll(() => site.close())

/** The number and the money of one figure on top of the page. */
function figure(page: Page, name: string): [number, string | undefined] {
  const found = [...page.html.matchAll(/<li class="mypay-count">([\s\S]*?)<\/li>/g)].find(([, text]) =>
    text!.includes(`</span> ${name}</a>`),
  )
  const [, number] = /mypay-count-number">([\d.]+)</.exec(found![1]!)!
  return [Number(number!.replaceAll('.', '')), /mypay-count-cents">([^<]+)</.exec(found![1]!)?.[1]]
}

const linkOf = (page: Page, name: string): string =>
  new RegExp(`<a href="([^"]+)"><span[^>]*>[\\d.]+</span> ${name}</a>`)
    .exec(page.html)![1]!
    .replaceAll('&amp;', '&')
    .replaceAll('&#x3D;', '=')

/** How many dues the list behind a figure has. */
async function rowsBehind(visitor: Visitor, page: Page, name: string): Promise<number> {
  const csv = await visitor.get(linkOf(page, name).replace('/dovuti', '/dovuti.csv'))
  expect(csv.status).toBe(200)
  return csv.html.trim().split('\r\n').length - 1
}

async function pay(dueId: string): Promise<void> {
  const { cartId, attemptIds } = await aBegunPayment(site.db, [dueId])
  const outside = { payments: [], rpts: [], replies: [], mails: [] }
  for (const id of attemptIds)
    await deliver(site.db, outside, id, { paidOn: romeDay(new Date().toISOString()) })
  await payCartActivities(site.db).settleCart(askAbout(cartId))
}

it('each figure is the number of dues in the list to which it leads', async () => {
  const [paid, expired, paying] = await newDues(site.db, [901, 902, 903], {
    values: (n) => ({ due_on: n === 902 ? '2020-01-01' : '2099-01-01' }),
  })
  const before = await paolo.get(HOME)
  await pay(paid!)
  await aBegunPayment(site.db, [paying!])
  expect(expired).toBeDefined()
  const page = await paolo.get(HOME)
  expect(figure(page, 'Pagati oggi')[0]).toBe(figure(before, 'Pagati oggi')[0] + 1)
  expect(figure(page, 'Da riscuotere')[0]).toBe(figure(before, 'Da riscuotere')[0] - 1)
  expect(figure(page, 'In pagamento')[0]).toBe(1)
  for (const name of [
    'Pagati oggi',
    'Pagati in 7 giorni',
    'Pagati in 30 giorni',
    'Da riscuotere',
    'Scaduti',
    'In pagamento',
  ])
    expect([name, await rowsBehind(paolo, page, name)]).toEqual([name, figure(page, name)[0]])
  await foldFigures(site.db)
  const folded = await paolo.get(HOME)
  expect(figure(folded, 'Da riscuotere')).toEqual(figure(page, 'Da riscuotere'))
})

it('a due that is being paid is not expired', async () => {
  const before = figure(await paolo.get(HOME), 'Scaduti')[0]
  const [late] = await newDues(site.db, [904], { values: () => ({ due_on: '2020-01-01' }) })
  expect(figure(await paolo.get(HOME), 'Scaduti')[0]).toBe(before + 1)
  await site.db('due').where({ id: late }).update({ state: 'paying' })
  expect(figure(await paolo.get(HOME), 'Scaduti')[0]).toBe(before)
  await site.db('due').where({ id: late }).update({ state: 'payable' })
})

it('an operator counts the types that he may use, and administrators all', async () => {
  const held = site
    .db('operator_due_type as p')
    .join('operator as u', 'u.id', 'p.operator_id')
    .where(HIS)
    .select('p.ente_due_type_id')
  const [code] = (await site
    .db('ente_due_type as t')
    .join('ente as e', 'e.id', 't.ente_id')
    .where({ 'e.cod_ipa': CODE })
    .whereNotIn('t.id', held)
    .pluck('t.code')) as [string]
  const [his, everything] = [await paolo.get(HOME), await sara.get(HOME)]
  expect(his.html).not.toContain(`value="${code}"`)
  expect(everything.html).toContain(`value="${code}"`)
  expect((await paolo.get(`${HOME}/numeri.csv`)).html).not.toContain(`${code};`)
  expect((await sara.get(`${HOME}/numeri.csv`)).html).toContain(`${code};`)
  expect((await paolo.get(`${HOME}?tipo=${code}`)).status).toBe(422)
  expect(figure(everything, 'Da riscuotere')[0]).toBeGreaterThan(figure(his, 'Da riscuotere')[0])
})

it('only administrators read how many people work there and what waits for them', async () => {
  expect(textOf(await paolo.get(HOME))).not.toContain('Anomalie aperte')
  const page = await sara.get(HOME)
  expect(figure(page, 'Operatori')[0]).toBeGreaterThan(0)
  expect(figure(page, 'Anomalie aperte')).toEqual([0, '0,00 €'])
})

it('the chart has a table with the same numbers, and takes one type', async () => {
  const page = await paolo.get(`${HOME}?tipo=LUCE_VOTIVA`)
  expect(page.html).toContain('<svg class="mypay-chart" role="img"')
  expect(
    page.html.split('<details class="mypay-filters">')[1]!.match(/<tr><td data-label="Giorno">/g),
  ).toHaveLength(30)
  expect(page.html).toContain('<option value="LUCE_VOTIVA" selected>')
})

describe('the period of the address', () => {
  const daysIn = (page: Page): number => (page.html.match(/<tr><td data-label="Giorno">/g) ?? []).length

  it.each([
    ['', 30, 'ultimi 30 giorni'],
    ['periodo=30', 30, 'ultimi 30 giorni'],
    ['periodo=7', 7, 'ultimi 7 giorni'],
    ['periodo=1', 1, 'oggi'],
  ])('"%s" has %i days up to today', async (query, count, words) => {
    const page = await paolo.get(`${HOME}?${query}`)
    expect(daysIn(page)).toBe(count)
    expect(textOf(page)).toContain(`Euro pagati al giorno, ${words}`)
    expect(page.html.match(/aria-current="true"/g)).toHaveLength(1)
    expect(textOf(page)).not.toContain('giorni scelti')
  })

  it('chosen days have a column of their own, which leads to their dues, and are in both files', async () => {
    const today = romeDay(new Date().toISOString())
    const query = `dal=${addDays(today, -9)}&al=${today}`
    const page = await paolo.get(`${HOME}?${query}`)
    expect(daysIn(page)).toBe(10)
    const label = `Pagati dal ${formatDay(addDays(today, -9))} al ${formatDay(today)}`
    expect(textOf(page)).toContain('Pagati nei giorni scelti')
    const cells = [
      ...page.html.matchAll(/<td data-label="(Pagati nei giorni scelti)"[^>]*><a href="([^"]+)">(\d+)</g),
    ]
    const [, , href, number] = cells.at(-1)!
    const dues = await paolo.get(unescaped(href!).replace('/dovuti?', '/dovuti.csv?'))
    expect(dues.html.trim().split('\r\n').length - 1).toBe(Number(number))
    expect(unescaped(page.html)).toContain(`/numeri.xlsx?${query}`)
    const csv = (await paolo.get(`${HOME}/numeri.csv?${query}`)).html
    expect(csv).toContain(`${label}: dovuti`)
    const { status, name, bytes } = await paolo.download(`${HOME}/numeri.xlsx?${query}`)
    expect([status, name]).toEqual([200, `numeri-${CODE}.xlsx`])
    const [sheet] = await readExcelFile(bytes)
    expect(sheet!.data[0]).toContain(`${label}: importo`)
    const column = sheet!.data[0]!.indexOf(`${label}: dovuti`)
    expect(sheet!.data.slice(1).reduce((sum, row) => sum + Number(row[column]), 0)).toBe(Number(number))
    const lines = csv.trim().split('\r\n')
    expect(lines).toHaveLength(sheet!.data.length)
  })

  it('a period that has ended has other numbers than one up to today', async () => {
    const page = await paolo.get(`${HOME}?dal=2020-01-01&al=2020-01-31`)
    expect(textOf(page)).toContain('Nessun pagamento, dal 01/01/2020 al 31/01/2020.')
    expect(figure(page, 'Pagati oggi')).toEqual(figure(await paolo.get(HOME), 'Pagati oggi'))
  })

  it.each([
    ['dal=ieri', 'dal'],
    ['dal=2026-02-01&al=2026-01-01', 'al'],
    ['dal=2026-01-01&al=2026-12-31', 'al'],
    ['dal=2999-01-01', 'dal'],
    ['periodo=8', 'periodo'],
    ['periodo=7&periodo=1', 'periodo'],
  ])('"%s" cannot be read: the page says so, and there is no file', async (query, field) => {
    const page = await paolo.get(`${HOME}?${query}`)
    expect(page.status).toBe(422)
    expect(page.html).toContain(`href="#${field}"`)
    for (const ending of ['csv', 'xlsx'])
      expect((await paolo.get(`${HOME}/numeri.${ending}?${query}`)).status).toBe(303)
  })
})

it('a new ente says what to do first, to each person what he may do', async () => {
  await site.db('ente').insert({
    cod_ipa: 'C_NUOVO',
    codice_fiscale: '12345678903',
    name: 'Comune Nuovo',
    segregation_code: '41',
    iban: 'IT61H9999912345000000000001',
  })
  const page = await elena.get('/operatore/C_NUOVO')
  expect(textOf(page)).toContain('Da dove si comincia')
  expect(page.html).not.toContain('mypay-count-number')
  expect(page.html).toContain('/admin/enti/C_NUOVO/operatori')
  const { id: enteId } = (await site.db('ente').first('id').where({ cod_ipa: 'C_NUOVO' })) as { id: string }
  const { id } = (await site.db('operator').first('id').where({ codice_fiscale: PAOLO.codiceFiscale })) as {
    id: string
  }
  await site.db('operator_grant').insert({ operator_id: id, ente_id: enteId, role: 'operator' })
  const his = await paolo.get('/operatore/C_NUOVO')
  expect(textOf(his)).toContain('Non sei ancora abilitato a nessun tipo dovuto')
  expect(his.html).not.toContain('/admin/enti')
})

it('the home takes at most 8 statements', async () => {
  const asked: string[] = []
  const note = ({ sql }: { sql: string }): void => void asked.push(sql)
  site.db.on('query', note)
  await elena.get(HOME)
  site.db.off('query', note)
  expect(asked.length).toBeGreaterThan(2)
  expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(8)
})
