import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { bulkFiles } from '../../services/file-store.ts'
import { unzip } from '../flows/world.ts'
import type { Page } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'
import { aFileEnte, csvOf, loaded, sendFile, storeOf, type FileEnte } from './tools/files.ts'
import { useWorld } from './tools/frame.ts'
import { dieWaitingFor, holdTable } from './tools/hold-table.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started), { withFiles: true })

interface ActRow {
  state: string
  rows: number
  rows_done: number
  rows_left: number
}

const actOf = async (id: string): Promise<ActRow> =>
  (await world.db('bulk_act').first().where({ id })) as ActRow

const over = (id: string): Promise<ActRow> =>
  waitUntil(async () => {
    const act = await actOf(id)
    return ['done', 'stopped', 'failed'].includes(act.state) && act
  }, 90_000)

/** Asks for an act on all open dues of an ente; returns its id. */
async function ask({ operator, codIpa }: FileEnte, atto: string, numero: number): Promise<string> {
  const list = await operator.get(`/operatore/${codIpa}/dovuti`)
  const question = await operator.submit(list, '/molti/conferma', { atto, chi: 'tutti' })
  const asked: Page = await operator.submit(question, '/dovuti/molti', {
    numero: String(numero),
    perche: 'Ruolo rifatto',
  })
  if (asked.status !== 303) throw new Error(`not asked: ${asked.status} ${asked.html.slice(0, 2_000)}`)
  return asked.location!.split('/').at(-1)!
}

async function aLoadedEnte(rows: number): Promise<FileEnte> {
  const ente = await aFileEnte(world)
  await loaded(world, await sendFile(ente, 'MOLTI', csvOf(rows)))
  return ente
}

it('F48: the worker dies between the cancelling of a chunk and its commit: every due is cancelled once', async () => {
  const ente = await aLoadedEnte(2_000)
  const actId = await ask(ente, 'cancel', 1_980)
  await dieWaitingFor(await holdTable(world.db, 'bulk_act_row'), world.flows)
  expect(await over(actId)).toMatchObject({ state: 'done', rows: 1_980, rows_done: 1_980, rows_left: 0 })
  const { rows: events } = await world.db.raw<{ rows: { dues: number; events: number }[] }>(
    `select count(distinct entity_id)::int as dues, count(*)::int as events from event
     where kind = 'cancelled_by' and entity_id in (select due_id from bulk_act_row where act_id = ?)`,
    [actId],
  )
  expect(events).toEqual([{ dues: 1_980, events: 1_980 }])
  await expectSound(world)
}, 120_000)

it('F48: the worker dies while it draws notices: one notice for each due, and nothing is left beside the archive', async () => {
  const ente = await aLoadedEnte(150)
  const actId = await ask(ente, 'print', 0)
  await waitUntil(async () => (await actOf(actId)).rows_done >= 40)
  await world.flows.kill()
  await world.flows.start()
  await over(actId)
  const { bytes } = await ente.operator.download(`/operatore/${ente.codIpa}/operazioni/${actId}.zip`)
  const iuvs = (await world.db('due').where({ ente_id: ente.enteId }).pluck('iuv')) as string[]
  expect([...(await unzip(bytes)).keys()].sort()).toEqual(iuvs.map((iuv) => `avviso_${iuv}.pdf`).sort())
  await waitUntil(() => !existsSync(storeOf(world).path(bulkFiles(actId).notices)))
  await expectSound(world)
}, 120_000)

it('F48: the worker is away when a person stops an act: what was not reached stays, and the act ends when it is back', async () => {
  const ente = await aLoadedEnte(3_000)
  const actId = await ask(ente, 'cancel', 2_970)
  await waitUntil(async () => (await actOf(actId)).rows_done >= 100)
  await world.flows.kill()
  const path = `/operatore/${ente.codIpa}/operazioni/${actId}`
  const reached = await actOf(actId)
  expect(reached.rows_done).toBeLessThan(2_970)
  expect((await ente.operator.submit(await ente.operator.get(path), '/ferma')).status).toBe(303)
  await world.flows.start()
  expect(await over(actId)).toEqual(
    expect.objectContaining({ state: 'stopped', rows_done: reached.rows_done }),
  )
  const payable = (await world
    .db('due')
    .where({ ente_id: ente.enteId, state: 'payable' })
    .pluck('id')) as string[]
  expect(payable).toHaveLength(2_970 - reached.rows_done)
  await expectSound(world)
}, 120_000)
