import { afterAll, expect, it } from 'vitest'
import { flowZip } from '../flows/zip.ts'
import type { Page } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'
import { smallDisk, type SmallDisk } from './tools/disk.ts'
import { anExportRuns, bookExpired, expectNotListed, expectWhole } from './tools/exports.ts'
import { useWorld } from './tools/frame.ts'
import {
  aFileEnte,
  baseName,
  csvOf,
  flowWhen,
  importCalmly,
  leftBehind,
  loaded,
  resultOf,
  sendFile,
  upload,
  type FileEnte,
  type ImportResult,
} from './tools/files.ts'
import { aBegunPayment, payAndSettle, type BegunPayment } from './tools/payments.ts'
import { expectSound } from './tools/sound.ts'
import type { World } from './tools/world.ts'

const ROWS = 30_000
const FILE = csvOf(ROWS)

let world: World
let disk: SmallDisk
/** An ente whose dues can be exported. */
let calm: FileEnte
let undisturbed: ImportResult

useWorld(
  async (started) => {
    world = started
    calm = await aFileEnte(world)
    undisturbed = await importCalmly(world, calm, FILE)
  },
  { withFiles: true, beforeParts: (folder) => (disk = smallDisk(folder)) },
)
afterAll(async () => {
  // The processes have open files on the disk, so they stop first. The world is closed after this.
  await Promise.all([world.api, world.flows, world.worker].map((part) => part.stop()))
  disk.close()
})

const IN_WORDS = /Non c’è più spazio per conservare file e dati/

function expectRefused({ status, html }: Page): void {
  expect([status, html]).toEqual([507, expect.stringMatching(IN_WORDS)])
}

const isReady = async (): Promise<boolean> => (await world.api.isReady()) && (await world.flows.isReady())
const isRed = async (): Promise<boolean> => !(await world.api.isReady()) && !(await world.flows.isReady())

/** Waits until only the parts of the running import are left of broken work; polls, because an attempt may be under way. */
const onlyPartsOf = (flowId: string): Promise<boolean> =>
  waitUntil(async () => (await leftBehind(world)).every((name) => name.startsWith(`flows/${flowId}/loaded`)))

/** Expects that a begun payment is settled, because it needs neither a file nor a new due. */
const expectSettles = (payment: BegunPayment): Promise<void> => payAndSettle(world, payment, 10_000)

it('F33: the disk of files is full: uploads say so, import and export wait and go on, payments settle', async () => {
  const ente = await aFileEnte(world)
  const payment = await aBegunPayment(world)
  const flowId = await sendFile(ente, 'FULL', FILE)
  await flowWhen(world, flowId, ({ rows_read: rows }) => rows > 0)
  disk.fill(world)
  await bookExpired(calm)
  await anExportRuns(world)
  disk.fill(world)
  const other = await aFileEnte(world)
  const zip = await flowZip(baseName(other, 'OTHER'), FILE)
  expectRefused(await upload(other, zip))
  await onlyPartsOf(flowId)
  if (disk.isMounted) await waitUntil(isRed)
  await expectSettles(payment)
  await expectNotListed(world, calm)
  disk.empty(world)
  await loaded(world, flowId, 90_000)
  expect(await resultOf(world, flowId)).toEqual(undisturbed)
  await expectWhole(world, calm, ROWS * 0.99)
  expect((await upload(other, zip)).status).toBe(303)
  await waitUntil(isReady)
  await expectSound(world)
}, 150_000)

const TABLES = ['flow', 'flow_chunk', 'due', 'export']

it('F33: PostgreSQL has no space for rows: refused in words, red until it has, imports go on, payments settle', async () => {
  const ente = await aFileEnte(world)
  const payment = await aBegunPayment(world)
  const flowId = await sendFile(ente, 'ROWS', FILE)
  await flowWhen(world, flowId, ({ rows_read: rows }) => rows > 0)
  await world.db.raw(
    `create function no_space() returns trigger language plpgsql as
     $$ begin raise 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`,
  )
  for (const table of TABLES)
    await world.db.raw(`create trigger no_space before insert on ${table} execute function no_space()`)
  const other = await aFileEnte(world)
  const zip = await flowZip(baseName(other, 'OTHER'), FILE)
  expectRefused(await upload(other, zip))
  expectRefused(await bookExpired(other))
  await onlyPartsOf(flowId)
  await waitUntil(isRed)
  await expectSettles(payment)
  for (const table of TABLES) await world.db.raw(`drop trigger no_space on ${table}`)
  await loaded(world, flowId, 90_000)
  expect(await resultOf(world, flowId)).toEqual(undisturbed)
  expect((await upload(other, zip)).status).toBe(303)
  await waitUntil(isReady, 30_000)
  await expectSound(world)
}, 150_000)
