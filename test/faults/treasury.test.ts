import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { waitUntil } from '../setup/wait.ts'
import { aFileEnte } from './tools/files.ts'
import { useWorld } from './tools/frame.ts'
import { dieWaitingFor, holdTable } from './tools/hold-table.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started), { withFiles: true })

const OPI = readFileSync(
  new URL('../fixtures/tesoreria/GDC-2025071699999000000000001.xml', import.meta.url),
  'utf8',
)

it('F55: the worker dies between the movements of a statement and its row: its money counts once and is tied once', async () => {
  const ente = await aFileEnte(world)
  const { codice_fiscale: domain } = (await world
    .db('ente')
    .first('codice_fiscale')
    .where({ id: ente.enteId })) as { codice_fiscale: string }
  await world.db('operator_grant').where({ operator_id: ente.operatorId }).update({ may_reconcile: true })
  const path = `/operatore/${ente.codIpa}/tesoreria`
  await world.flows.stop()
  const sent = await ente.operator.upload(await ente.operator.get(path), path, {
    name: 'giornale.xml',
    bytes: Buffer.from(OPI.replaceAll('99999900014', domain)),
  })
  const fileId = new URL(sent.location!).pathname.split('/').at(-1)!
  // The move of the row writes an event; the movements are stored before it.
  const events = await holdTable(world.db, 'event')
  await world.flows.start()
  await dieWaitingFor(events, world.flows)
  const state = async () =>
    ((await world.db('treasury_file').first('state').where({ id: fileId })) as { state: string }).state
  await waitUntil(async () => ((await state()) === 'loaded' ? true : undefined), 60_000)
  const credits = world.db('treasury_credit').where({ ente_id: ente.enteId })
  await waitUntil(
    async () => (await credits.clone().where({ needs_tie: true })).length === 0 || undefined,
    60_000,
  )
  expect(await credits.clone().orderBy('cents').pluck('cents')).toEqual([0, 7_730, 141_345])
  expect(await world.db('treasury_movement').where({ ente_id: ente.enteId })).toHaveLength(5)
  expect(await world.db('event').where({ entity_id: fileId, kind: 'moved' }).pluck('to_state')).toEqual([
    'loaded',
  ])
  await expectSound(world)
}, 120_000)
