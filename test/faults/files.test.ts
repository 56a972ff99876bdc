import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { flowFiles } from '../../services/file-store.ts'
import { unzip } from '../flows/world.ts'
import { flowZip } from '../flows/zip.ts'
import { waitUntil } from '../setup/wait.ts'
import { between, randomOf } from './storm/random.ts'
import {
  aFileEnte,
  baseName,
  csvOf,
  flowOf,
  flowWhen,
  importCalmly,
  leftBehind,
  loaded,
  nothingLeftBehind,
  rawUpload,
  resultOf,
  sendFile,
  steppedBack,
  storeOf,
  upload,
  watchProgress,
  type FileEnte,
  type ImportResult,
} from './tools/files.ts'
import { useWorld } from './tools/frame.ts'
import { dieWaitingFor, holdTable } from './tools/hold-table.ts'
import { restart } from './tools/part.ts'
import { aBegunPayment, payAndSettle } from './tools/payments.ts'
import { portOf } from './tools/release.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

/** Enough rows for a dozen chunks. */
const ROWS = 45_000
const FILE = csvOf(ROWS)

let world: World
/** Result of the file when no fault happens. */
let undisturbed: ImportResult

useWorld(
  async (started) => {
    world = started
    undisturbed = await importCalmly(world, await aFileEnte(world), FILE)
    expect(undisturbed.counts).toEqual([ROWS, ROWS * 0.99, ROWS * 0.01, 0])
  },
  { withFiles: true },
)

async function begun(iuf: string): Promise<{ ente: FileEnte; flowId: string }> {
  const ente = await aFileEnte(world)
  return { ente, flowId: await sendFile(ente, iuf, FILE) }
}

const rowsReach = (flowId: string, rows: number) => flowWhen(world, flowId, (flow) => flow.rows_read >= rows)

/**
 * Expects the same result as without a fault, IUVs included: they are drawn in the transaction of their chunk, so a chunk
 * that fails loses none.
 */
async function expectUndisturbed(flowId: string): Promise<void> {
  await loaded(world, flowId)
  expect(await resultOf(world, flowId)).toEqual(undisturbed)
  await nothingLeftBehind(world)
  await expectSound(world)
}

const HOUR_MS = 60 * 60_000
const aged = (path: string): void =>
  utimesSync(path, new Date(Date.now() - HOUR_MS - 60_000), new Date(Date.now() - HOUR_MS - 60_000))

it('F7: the api dies at half of an upload: no import, the same upload works, and no file is left after an hour', async () => {
  const ente = await aFileEnte(world)
  const zip = await flowZip(baseName(ente, 'HALF'), csvOf(20_000))
  const request = await rawUpload(ente, ente.operator, zip)
  const uploads = storeOf(world).path('uploads')
  const socket = connect(portOf(world.urls.public), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(request.subarray(0, request.length / 2))
  const [half] = await waitUntil(() => {
    const names = readdirSync(uploads)
    return names.length > 0 && names
  })
  await restart(world.api)
  expect(await world.db('flow').where({ ente_id: ente.enteId })).toEqual([])
  expect((await upload(ente, zip)).status).toBe(303)
  const { id } = (await world.db('flow').first('id').where({ ente_id: ente.enteId })) as { id: string }
  await loaded(world, id)

  const store = storeOf(world)
  const [young, nobodys, ours] = [`${randomUUID()}.zip`, flowFiles(randomUUID()).folder, flowFiles(id).folder]
  writeFileSync(join(uploads, young), '')
  mkdirSync(store.path(nobodys))
  // The file of an export whose writer died.
  const unfinished = await store.prepare(`exports/${randomUUID()}.zip.1-1.part`)
  writeFileSync(unfinished, '')
  for (const path of [join(uploads, half!), store.path(nobodys), store.path(ours), unfinished]) aged(path)
  await restart(world.flows)
  await waitUntil(() => !readdirSync(uploads).includes(half!))
  await waitUntil(() => ![unfinished, store.path(nobodys)].some((path) => existsSync(path)))
  expect(readdirSync(uploads)).toEqual([young])
  expect(readdirSync(store.path(ours))).toContain('input.csv')
  await store.remove(`uploads/${young}`)
  await expectSound(world)
}, 60_000)

// The table of faults has 20 s. After 4 s the situation is the same: every connection is dead and each retry has failed.
it('F8: PostgreSQL stops at once in the middle of an import: the same result, and the page never goes back', async () => {
  const { ente, flowId } = await begun('STOP')
  const page = watchProgress(ente, flowId)
  await rowsReach(flowId, ROWS / 3)
  await world.postgres.crash()
  await sleep(4_000)
  await world.postgres.start()
  await loaded(world, flowId)
  const seen = await page.stop()
  expect(steppedBack(seen)).toEqual([])
  expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200, 503]))
  expect(new Set(seen.map(({ numbers }) => numbers[0])).size).toBeGreaterThan(3)
  await expectUndisturbed(flowId)
}, 90_000)

it('F11: Temporal restarts in the middle of an import: it goes on to the same result', async () => {
  const { flowId } = await begun('TEMPORAL')
  await rowsReach(flowId, ROWS / 4)
  await world.temporal.crash()
  await sleep(1_000)
  await world.temporal.start()
  await expectUndisturbed(flowId)
}, 90_000)

const SEED = 11

it(`I11: the worker of files dies at points of the loading (seed ${SEED}): no row twice, none left out, the same files`, async () => {
  const { flowId } = await begun('KILLED')
  await rowsReach(flowId, between(randomOf(SEED), ROWS * 0.05, ROWS * 0.4))
  await restart(world.flows)
  await rowsReach(flowId, ROWS / 2)
  // The next kill is between the rows of a chunk and its end.
  const chunk = await holdTable(world.db, 'flow_chunk')
  await dieWaitingFor(chunk, world.flows)
  await expectUndisturbed(flowId)
}, 90_000)

it('I11: the worker of files dies at points of a check: the same verdict, nothing written, and the load gives the same numbers', async () => {
  const ente = await aFileEnte(world)
  const checkId = await sendFile(ente, 'CHECKED', FILE, { azione: 'controlla' })
  await rowsReach(checkId, ROWS / 4)
  await restart(world.flows)
  await rowsReach(checkId, ROWS / 2)
  const chunk = await holdTable(world.db, 'flow_chunk')
  await dieWaitingFor(chunk, world.flows)
  await flowWhen(world, checkId, ({ state }) => state === 'checked')
  const verdict = await resultOf(world, checkId)
  expect(verdict).toEqual({ state: 'checked', counts: undisturbed.counts, dues: null })
  expect(await world.db('due').where({ ente_id: ente.enteId })).toEqual([])
  expect(await world.db('flow_unchanged').where({ flow_id: checkId })).toEqual([])
  await nothingLeftBehind(world)
  await expectSound(world)
  const page = await ente.operator.get(`${ente.path}/${checkId}`)
  const sent = await ente.operator.submit(page, '/carica')
  await expectUndisturbed(new URL(sent.location!).pathname.split('/').at(-1)!)
}, 120_000)

it('I11: the worker of files dies while it writes the outcome files, and when they are there: the same files', async () => {
  const { flowId } = await begun('WRITING')
  await waitUntil(async () => (await leftBehind(world)).some((name) => name.endsWith('.part')), 30_000)
  await world.flows.kill()
  expect((await flowOf(world, flowId)).state).toBe('writing')
  await world.flows.start()
  // The last kill is in the step that marks the flow as loaded and writes its mails.
  const mails = await holdTable(world.db, 'email')
  await dieWaitingFor(mails, world.flows)
  await expectUndisturbed(flowId)
}, 90_000)

it('I11: the worker of files dies while it prints notices: one notice per due, and none twice', async () => {
  const ente = await aFileEnte(world)
  const flowId = await sendFile(ente, 'NOTICES', csvOf(120), { avvisi: 'si' })
  await flowWhen(world, flowId, ({ notices_printed: printed }) => printed >= 40)
  await restart(world.flows)
  const { notices_printed: printed, rows_loaded: rows } = await loaded(world, flowId)
  expect([printed, rows]).toEqual([119, 119])
  const { bytes } = await ente.operator.download(`${ente.path}/${flowId}/file/avvisi`)
  const iuvs = (await world.db('due').where({ flow_id: flowId }).pluck('iuv')) as string[]
  expect([...(await unzip(bytes)).keys()].sort()).toEqual(iuvs.map((iuv) => `avviso_${iuv}.pdf`).sort())
  await expectSound(world)
}, 90_000)

it('F14: a worker of files stands still in the middle of a chunk, another takes over, the first wakes: it changes nothing', async () => {
  const { flowId } = await begun('FROZEN')
  await rowsReach(flowId, ROWS / 3)
  const chunk = await holdTable(world.db, 'flow_chunk')
  await chunk.someoneWaits()
  world.flows.freeze()
  await chunk.release()
  await world.spareFlows.start()
  await loaded(world, flowId)
  const before = [await flowOf(world, flowId), await resultOf(world, flowId)]
  await world.spareFlows.stop()
  world.flows.thaw()
  // When it has loaded the file of another ente, it has finished with the old one.
  await loaded(world, await sendFile(await aFileEnte(world), 'NEXT', csvOf(100)))
  expect([await flowOf(world, flowId), await resultOf(world, flowId)]).toEqual(before)
  await expectUndisturbed(flowId)
}, 120_000)

/** Starts the worker of files with the least memory that it starts with, which is not enough for a chunk. */
async function startTight(): Promise<void> {
  for (const megabytes of [45, 50, 55, 60, 70, 80]) {
    const flags = [`--max-old-space-size=${megabytes}`, '--max-semi-space-size=1']
    if (
      await world.flows.start({ flags }).then(
        () => true,
        () => false,
      )
    )
      return
  }
  throw new Error('does not start at all')
}

it('F47: the worker of files runs out of memory: payments go on, and so does the import when there is enough', async () => {
  const { pid } = world.worker
  await world.flows.stop()
  await startTight()
  const { flowId } = await begun('MEMORY')
  await waitUntil(() => !world.flows.isUp(), 30_000)
  const payment = await aBegunPayment(world)
  await payAndSettle(world, payment, 5_000)
  expect([world.worker.isUp(), world.worker.pid]).toEqual([true, pid])
  expect((await flowOf(world, flowId)).state).not.toBe('loaded')
  await world.flows.start()
  await expectUndisturbed(flowId)
}, 90_000)
