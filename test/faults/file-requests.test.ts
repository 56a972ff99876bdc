import { randomBytes, randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { aCart } from '../setup/builders.ts'
import { ELENA } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import { createVisitor, typed } from '../setup/visitor.ts'
import { usageOf } from '../../tools/check/resources.ts'
import { HOSTILE_ZIPS } from '../flows/hostile-zips.ts'
import { flowZip } from '../flows/zip.ts'
import { aShopper, payClick } from './tools/citizen.ts'
import {
  aColleague,
  aFileEnte,
  baseName,
  csvOf,
  flowOf,
  flowWhen,
  HEADER,
  leftBehind,
  loaded,
  nothingLeftBehind,
  rawUpload,
  row,
  sendFile,
  upload,
} from './tools/files.ts'
import { useWorld } from './tools/frame.ts'
import { begin, cartBecomes, payAndSettle, sessionIn, type BegunPayment } from './tools/payments.ts'
import { rawForm } from './tools/raw-form.ts'
import { portOf, releaseTogether } from './tools/release.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

const MEGABYTE = 1024 * 1024

let world: World
useWorld((started) => (world = started), { withFiles: true })

const port = (): number => portOf(world.urls.public)

it('F27: two operators change one due at once: the second sees what the first wrote, and writes nothing', async () => {
  const ente = await aFileEnte(world)
  const flowId = await sendFile(ente, 'EDIT', csvOf(3))
  await loaded(world, flowId)
  const { id } = (await world.db('due').first('id').where({ flow_id: flowId })) as { id: string }
  const path = `/operatore/${ente.codIpa}/dovuti/${id}/modifica`
  const people = [ente.operator, await aColleague(world, ente)]
  const reasons = ['Scritto da Olga', 'Scritto da Ugo']
  const requests = await Promise.all(
    people.map(async (person, at) => {
      const form = await person.get(path)
      return rawForm(person, form, '/modifica', { ...typed(form), causaleVersamento: reasons[at]! })
    }),
  )
  const answers = await releaseTogether(port(), requests)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 409]))
  const winner = answers.findIndex(({ status }) => status === 303)
  const { causale } = (await world.db('due').first('causale').where({ id })) as { causale: string }
  expect(causale).toBe(reasons[winner])
  const told = answers[1 - winner]!.text
  expect(told).toContain('Qualcun altro ha modificato questo dovuto')
  expect(told).toMatch(/Causale: prima [^<]+, ora <strong>/)
  expect(told).toContain(`ora <strong>${causale}</strong>`)
  await expectSound(world)
})

it('F27: an operator cancels while a citizen pays: never cancelled and in an open attempt', async () => {
  const elena = await signInAs(world.db, createVisitor(world.urls.public), ELENA)
  for (const email of ['anna', 'bice', 'carla', 'dora'].map((name) => `${name}.rossi@example.org`)) {
    const shopper = await aShopper(world, email)
    const { id: dueId, cart_id: cartId } = (await world
      .db('cart_item')
      .join('cart', 'cart.id', 'cart_item.cart_id')
      .first('cart_item.due_id as id', 'cart_item.cart_id')
      .whereRaw(`cart.versante ->> 'email' = ?`, [email])) as { id: string; cart_id: string }
    const question = await elena.submit(
      await elena.get(`/operatore/C_X901/dovuti/${dueId}`),
      '/conferma-annulla',
    )
    const [paid, cancelled] = await releaseTogether(port(), [
      payClick(shopper),
      rawForm(elena, question, '/annulla'),
    ])
    const { state } = (await world.db('due').first('state').where({ id: dueId })) as { state: string }
    const attempts = await world.db('attempt').where({ cart_id: cartId })
    expect([state, attempts.length]).toEqual(state === 'cancelled' ? ['cancelled', 0] : ['paying', 1])
    expect(cancelled!.status).toBe(state === 'cancelled' ? 303 : 409)
    if (state === 'cancelled') {
      expect(paid!.text).not.toMatch(/^location: http/im)
      continue
    }
    await payAndSettle(world, { cartId, idSession: sessionIn(paid!.location!) })
  }
  await expectSound(world)
}, 60_000)

it('F28: the same zip sent by two operators in the same instant is taken once', async () => {
  const ente = await aFileEnte(world)
  const zip = await flowZip(baseName(ente, 'TWICE'), csvOf(2_000))
  const people = [ente.operator, await aColleague(world, ente)]
  const answers = await releaseTogether(
    port(),
    await Promise.all(people.map((person) => rawUpload(ente, person, zip))),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 422]))
  expect(answers.find(({ status }) => status === 422)!.text).toMatch(/è già stato caricato/)
  const flows = (await world.db('flow').where({ ente_id: ente.enteId }).pluck('id')) as string[]
  expect(flows).toHaveLength(1)
  expect(await loaded(world, flows[0]!)).toMatchObject({ rows_loaded: 1_980, rows_rejected: 20 })
  // The same archive under another name is new, but the same rows are not loaded again.
  const renamed = await upload(ente, { ...zip, name: `${baseName(ente, 'OTHER')}.zip` })
  expect(renamed.status).toBe(422)
  expect(await leftBehind(world)).toEqual([])
  await expectSound(world)
}, 60_000)

it('F28: the same rows under two names in the same instant are loaded once, and refused row by row the second time', async () => {
  const ente = await aFileEnte(world)
  const people = [ente.operator, await aColleague(world, ente)]
  const requests = await Promise.all(
    people.map(async (person, at) =>
      rawUpload(ente, person, await flowZip(baseName(ente, `NAME${at}`), csvOf(2_000))),
    ),
  )
  expect((await releaseTogether(port(), requests)).map(({ status }) => status)).toEqual([303, 303])
  const ids = (await world.db('flow').where({ ente_id: ente.enteId }).orderBy('id').pluck('id')) as string[]
  const results = []
  for (const id of ids) results.push(await loaded(world, id))
  expect(results.map(({ rows_loaded }) => rows_loaded)).toEqual([1_980, 0])
  expect(results[1]).toMatchObject({ rows_read: 2_000, rows_rejected: 2_000 })
  await expectSound(world)
}, 60_000)

const ROWS = 45_000

/** Source: docs/it/operatore.md: payable dues are cancelled, paid ones and those being paid stay, the name is free again. */
it('F29: an import is cancelled at half and sent again: what was paid or being paid stays, the rest is loaded anew', async () => {
  const ente = await aFileEnte(world)
  const csv = csvOf(ROWS)
  const flowId = await sendFile(ente, 'AGAIN', csv)
  await flowWhen(world, flowId, ({ rows_read }) => rows_read > 5_000)
  const paid = await aPaymentOf(flowId, 'R-7')
  const paying = await aPaymentOf(flowId, 'R-8')
  await payAndSettle(world, paid)
  expect((await flowOf(world, flowId)).state).toBe('loading')
  const page = `${ente.path}/${flowId}`
  const question = await ente.operator.submit(await ente.operator.get(page), '/conferma-annulla')
  const numero = /name="visti" value="(\d+)"/.exec(question.html)![1]!
  await ente.operator.submit(question, '/annulla', { numero, perche: 'Ruolo sbagliato' })
  const { rows_read: read, rows_loaded: rows } = await flowOf(world, flowId)
  expect(read).toBeLessThan(ROWS)
  await flowWhen(world, flowId, ({ state }) => state === 'cancelled')
  expect((await flowOf(world, flowId)).rows_read).toBe(read)
  const said = (await ente.operator.get(page)).html
  const count = new Intl.NumberFormat('it-IT', { useGrouping: true }).format(rows - 2)
  expect(said).toContain(`Dovuti annullati: ${count}, mantenuti perché già pagati: 1`)
  expect(said).toContain('in corso di pagamento: 1.')

  const again = await sendFile(ente, 'AGAIN', csv)
  expect(await loaded(world, again)).toMatchObject({
    rows_loaded: ROWS * 0.99 - 2,
    rows_rejected: ROWS * 0.01 + 2,
  })
  const refused = (await world
    .db('flow_reject')
    .where({ flow_id: again })
    .whereIn('row', [8, 9])
    .orderBy('row')
    .pluck('row')) as number[]
  expect(refused).toEqual([8, 9])
  await world.simulator.pay(paying.idSession, 'KO')
  await cartBecomes(world, paying, 'not_paid')
  await nothingLeftBehind(world)
  await expectSound(world)
}, 90_000)

async function aPaymentOf(flowId: string, iud: string): Promise<BegunPayment> {
  const { id } = (await world.db('due').first('id').where({ flow_id: flowId, iud })) as { id: string }
  const payment = { cartId: await aCart(world.db, [id]), dueId: id, nonce: randomUUID() }
  const answer = await begin(world, payment)
  if (answer.kind !== 'redirect') throw new Error(`not begun: ${answer.kind}`)
  return { ...payment, idSession: sessionIn(answer.url) }
}

it('F30: lines with a bad quote, latin-1, a zero byte or a megabyte are left out alone, by their row', async () => {
  const ente = await aFileEnte(world)
  const lines: [line: string | Buffer, end: string, isBad?: true][] = [
    [row('F30-1'), '\r\n'],
    [row('F30-2', { causale: '"Luce' }), '\n', true],
    [row('F30-3'), '\n'],
    [Buffer.from(row('F30-4', { causale: 'Libertà' }), 'latin1'), '\r\n', true],
    ['', '\n'],
    [row('F30-5', { causale: 'Lu\0ce' }), '\n', true],
    [row('F30-6', { causale: '"Luce; ""votiva"""' }), '\r\n'],
    // Random text, because a megabyte of one letter would compress like a zip bomb and be refused.
    [row('F30-7', { causale: randomBytes(MEGABYTE / 2).toString('hex') }), '\n', true],
    [row('F30-8', { causale: '"Luce" votiva' }), '\r\n', true],
    [row('F30-9', { causale: 'Libertà' }), ''],
  ]
  const csv = Buffer.concat([
    Buffer.from(`\ufeff${HEADER}\r\n`),
    ...lines.flatMap(([line, end]) => [Buffer.from(line as string), Buffer.from(end)]),
  ])
  const flowId = await sendFile(ente, 'LINES', csv)
  expect(await loaded(world, flowId)).toMatchObject({ rows_read: 9, rows_loaded: 4, rows_rejected: 5 })
  const rows = (await world
    .db('flow_reject')
    .where({ flow_id: flowId })
    .orderBy('row')
    .pluck('row')) as number[]
  // An empty line is no row.
  const numbered = lines.filter(([line]) => line.length > 0)
  expect(rows).toEqual(numbered.flatMap(([, , isBad], at) => (isBad ? [at + 1] : [])))
  const iuds = (await world.db('due').where({ flow_id: flowId }).orderBy('iud').pluck('iud')) as string[]
  expect(iuds).toEqual(['F30-1', 'F30-3', 'F30-6', 'F30-9'])
  await expectSound(world)
})

it('F31: hostile archives are refused in two seconds, in little memory, and nothing of them is kept', async () => {
  const ente = await aFileEnte(world)
  const base = baseName(ente, 'HOSTILE')
  const usage = watchMemory()
  for (const { what, make } of HOSTILE_ZIPS) {
    const zip = { name: `${base}.zip`, bytes: await make(`${base}.csv`) }
    const form = await ente.operator.get(ente.path)
    const startedAt = performance.now()
    const { status, html } = await ente.operator.upload(form, ente.path, zip)
    expect(performance.now() - startedAt, what).toBeLessThan(2_000)
    expect([what, status]).toEqual([what, 422])
    expect(html, what).toMatch(/(Lo|Nello) zip|Il file/)
    expect(await leftBehind(world), what).toEqual([])
  }
  const grown = usage.stop()
  expect(grown).toBeLessThan(100 * MEGABYTE)
  expect(await world.db('flow').where({ ente_id: ente.enteId })).toEqual([])
  // The name of a refused archive can be used again.
  await loaded(world, await sendFile(ente, 'HOSTILE', csvOf(10)))
  await expectSound(world)
}, 60_000)

/** Watches the memory of the api; `stop` returns its highest growth in bytes. Linux only. */
function watchMemory(): { stop(): number } {
  const rss = (): number => usageOf(world.api.pid)?.rssBytes ?? 0
  const before = rss()
  let most = before
  const timer = setInterval(() => (most = Math.max(most, rss())), 10)
  return {
    stop() {
      clearInterval(timer)
      return most - before
    },
  }
}
