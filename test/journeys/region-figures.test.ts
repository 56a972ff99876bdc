import readExcelFile from 'read-excel-file/node'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countJourneys } from '../../db/figures/journeys.ts'
import { addDays, romeDay } from '../../domain/calendar.ts'
import { deliver } from '../check/payments.ts'
import { aBegunPayment, askAbout, payCartActivities } from '../setup/begun.ts'
import { aCart } from '../setup/builders.ts'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { enterAsElena, newDues, PAOLO, SARA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'

const PATH = '/admin/numeri'
const today = romeDay(new Date().toISOString())

let site: Site
let elena: Visitor

/** One cart at each step. */
beforeAll(async () => {
  site = await startSite()
  elena = await enterAsElena(site.db, site.visitor())
  const { db } = site
  const dues = await newDues(db, [801, 802, 803, 804, 805, 806])
  await aCart(db, [dues[0]!])
  const left = await aCart(db, [dues[1]!])
  await db('cart').where({ id: left }).update({ state: 'expired' })
  await aBegunPayment(db, [dues[2]!])
  const { cartId } = await aBegunPayment(db, [dues[3]!])
  await db('cart').where({ id: cartId }).update({ returned_at: db.fn.now() })
  await settle(dues[4]!, 1)
  const paid = await settle(dues[5]!, 0)
  await db('cart')
    .where({ id: paid })
    .update({ begun_at: db.raw(`begun_at - interval '2 hours'`) })
  await countAgain()
})
afterAll(() => site.close())

async function settle(dueId: string, outcome: 0 | 1): Promise<string> {
  const { cartId, attemptIds } = await aBegunPayment(site.db, [dueId])
  for (const id of attemptIds)
    await deliver(site.db, { payments: [], rpts: [], replies: [], mails: [] }, id, { outcome })
  await payCartActivities(site.db).settleCart(askAbout(cartId))
  return cartId
}

/** As a sweep does after the figures have become old. */
async function countAgain(): Promise<void> {
  await site.db('journey_day').delete()
  await countJourneys(site.db)
}

/** The cells of the only row of the CSV. */
async function cells(query = ''): Promise<string[]> {
  const { html } = await elena.get(`${PATH}.csv${query}`)
  const [, row] = html.trim().split('\r\n')
  return row === undefined ? [] : row.split(';').slice(3)
}

it('each cart is counted at the step where it stands, and late outcomes by the hour', async () => {
  const once = Array.from({ length: 5 }, () => '1')
  // In the cart, left, at the PSP, waiting, not paid, timed out, paid; begun, with an outcome, late.
  expect(await cells()).toEqual([...once, '0', '1', '4', '2', '1'])
  const text = textOf(await elena.get(PATH))
  expect(text).toContain('Non tornati dal pagamento: 1')
  expect(text).toContain('50,0 %')
})

it('counting again gives the same, and a day that is fresh is not counted again', async () => {
  const before = await cells()
  await countAgain()
  expect(await cells()).toEqual(before)
  const at = () => site.db('journey_day').pluck('counted_at')
  const counted = await at()
  await countJourneys(site.db)
  expect(await at()).toEqual(counted)
})

it('takes a period and an ente from the address', async () => {
  expect(await cells(`?dal=${today}&al=${today}`)).not.toEqual([])
  expect(await cells(`?dal=${addDays(today, -9)}&al=${addDays(today, -1)}`)).toEqual([])
  expect(await cells('?ente=pieve')).not.toEqual([])
  expect(await cells('?ente=nessuno')).toEqual([])
  expect((await elena.get(`${PATH}?dal=2026-01-01&al=2026-12-31`)).status).toBe(422)
  expect((await elena.get(`${PATH}?dal=ieri`)).status).toBe(422)
  expect((await elena.get(`${PATH}.csv?dal=ieri`)).status).toBe(303)
})

it('the same numbers are in a workbook', async () => {
  const { status, name, bytes } = await elena.download(`${PATH}.xlsx?dal=${today}&al=${today}`)
  expect([status, name]).toEqual([200, `numeri-${today}-${today}.xlsx`])
  const [sheet] = await readExcelFile(bytes)
  const [header, row] = sheet!.data
  expect(header!.slice(0, 3)).toEqual(['Codice IPA', 'Ente', 'Tipo dovuto'])
  expect(row!.slice(3)).toEqual((await cells()).map(Number))
  expect((await elena.get(`${PATH}.xlsx?dal=ieri`)).status).toBe(303)
})

it('a table of more than 500 rows is only in the CSV, and the page says so', async () => {
  const codes = `generate_series(1, 1000) n`
  await site.db.raw(
    `insert into due_type (code, name, dati_specifici_riscossione) select 'MOLTI_' || n, 'Tipo ' || n, '9/0101002IM/' from ${codes}`,
  )
  await site.db.raw(
    `insert into ente_due_type (ente_id, code, name, dati_specifici_riscossione, form)
     select t.ente_id, 'MOLTI_' || n, 'Tipo ' || n, t.dati_specifici_riscossione, t.form
     from ${codes}, (select * from ente_due_type limit 1) t`,
  )
  await site.db.raw(
    `insert into journey (day, ente_due_type_id, step, items, late)
     select ?::date, id, 'in_cart', 1, 0 from ente_due_type where code like 'MOLTI!_%' escape '!'`,
    [today],
  )
  const page = await elena.get(PATH)
  expect(page.html).not.toContain(`${PATH}.xlsx`)
  expect(textOf(page)).toContain('Un foglio Excel ha qui al massimo 500 righe')
  const refused = await elena.get(`${PATH}.xlsx`)
  expect([refused.status, refused.location]).toEqual([303, site.url + PATH])
  expect((await elena.get(`${PATH}.csv`)).html.trim().split('\r\n')).toHaveLength(1002)
  await site.db.raw(
    `delete from journey where ente_due_type_id in (select id from ente_due_type where code like 'MOLTI!_%' escape '!')`,
  )
})

it('the number of each queue leads to its list', async () => {
  const page = await elena.get(PATH)
  for (const slug of ['senza-esito', 'mail-rifiutate', 'file-fermi', 'processi-in-ritardo']) {
    const number = new RegExp(`href="/supporto/da-guardare/${slug}"><span[^>]*>([\\d.]+)<`).exec(
      page.html,
    )?.[1]
    const list = await elena.get(`/supporto/da-guardare/${slug}`)
    expect([slug, list.status, number === '0']).toEqual([slug, 200, /<p role="status"/.test(list.html)])
  }
})

it.each([PAOLO, SARA])('is for the region only: not for $anagrafica', async (person) => {
  const visitor = await signInAs(site.db, site.visitor(), person)
  expect((await visitor.get(PATH)).status).toBe(404)
  expect((await visitor.get(`${PATH}.csv`)).status).toBe(404)
  expect((await visitor.get(`${PATH}.xlsx`)).status).toBe(404)
})

it('takes at most 8 statements', async () => {
  const asked: string[] = []
  const note = ({ sql }: { sql: string }): void => void asked.push(sql)
  site.db.on('query', note)
  await elena.get(PATH)
  site.db.off('query', note)
  expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(8)
})
