import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { readSheet } from 'read-excel-file/node'
import { expect, it } from 'vitest'
import { draftFiles, exportFile } from '../../services/file-store.ts'
import { xlsx } from '../flows/xlsx.ts'
import type { Page } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'
import { aFileEnte, csvOf, flowOf, HEADER, loaded, row, sendFile, storeOf } from './tools/files.ts'
import { useWorld } from './tools/frame.ts'
import { dieWaitingFor, holdTable } from './tools/hold-table.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

let world: World
useWorld((started) => (world = started), { withFiles: true })

const lastPart = (page: Page): string =>
  new URL(page.location!, world.urls.public).pathname.split('/').at(-1)!

it('F49: the worker dies between the files of a conversion and its row: the sheet is converted once and loads once', async () => {
  const ente = await aFileEnte(world)
  const cells = [HEADER, ...Array.from({ length: 300 }, (_, n) => row(`S-${n}`))].map((line) =>
    line.split(';'),
  )
  await world.flows.stop()
  const sheet = { name: 'foglio.xlsx', bytes: await xlsx(cells) }
  const sent = await ente.operator.upload(await ente.operator.get(ente.path), ente.path, sheet, {
    foglio: 'si',
  })
  const draftId = lastPart(sent)
  // The move of the row writes an event.
  const events = await holdTable(world.db, 'event')
  await world.flows.start()
  await dieWaitingFor(events, world.flows)
  const draft = `${ente.path}/bozze/${draftId}`
  await waitUntil(async () => (await ente.operator.get(draft)).html.includes(' Da confermare</span>'), 60_000)
  expect(await world.db('event').where({ entity_id: draftId, kind: 'moved' }).pluck('to_state')).toEqual([
    'waiting',
  ])
  const { folder } = draftFiles(draftId)
  expect(readdirSync(storeOf(world).path(folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  const taken = await ente.operator.submit(await ente.operator.get(draft), `${draft}/carica`, {
    iuf: 'FOGLIO',
  })
  const flowId = lastPart(taken)
  await loaded(world, flowId)
  expect(await flowOf(world, flowId)).toMatchObject({ rows_read: 300, rows_loaded: 300, rows_rejected: 0 })
  await expectSound(world)
}, 120_000)

it('F50: the worker dies between a workbook and its row: one mail, and the file that is downloaded is the one that was recorded', async () => {
  const ente = await aFileEnte(world)
  await world
    .db('operator_grant')
    .where({ operator_id: ente.operatorId })
    .update({ email: 'olga@example.org' })
  await loaded(world, await sendFile(ente, 'FOGLIO', csvOf(2_000)))
  const list = await ente.operator.get(`/operatore/${ente.codIpa}/dovuti?q=Luce`)
  await world.flows.stop()
  const booked = await ente.operator.submit(list, '/dovuti/foglio')
  expect(booked.status).toBe(303)
  const mails = await holdTable(world.db, 'email')
  await world.flows.start()
  await dieWaitingFor(mails, world.flows)
  const { id, rows, sha256 } = await waitUntil(
    async () =>
      (await world.db('export').first().where({ ente_id: ente.enteId, state: 'ready' })) as
        { id: string; rows: number; sha256: Buffer } | undefined,
    60_000,
  )
  const path = storeOf(world).path(exportFile(id))
  const bytes = readFileSync(path)
  expect(createHash('sha256').update(bytes).digest()).toEqual(sha256)
  expect([rows, (await readSheet(bytes)).length]).toEqual([1_980, 1_981])
  expect(await world.db('email').where({ export_id: id })).toHaveLength(1)
  expect(readdirSync(dirname(path)).filter((name) => name.includes('.part'))).toEqual([])
  await expectSound(world)
}, 120_000)
