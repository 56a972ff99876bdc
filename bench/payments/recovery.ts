import { randomUUID } from 'node:crypto'
import type { Program } from '../world/program.ts'
import type { World } from '../world/world.ts'
import { clickPaga, openBrowsers, payAtPsp, type Browser } from './browsers.ts'
import type { EnteRow } from './prepare.ts'
import type { Part } from '../part.ts'
import { watchSent } from './sent-watch.ts'

const OPEN = 1_000
const LANES = 50
/** The product may take this many times as long as the control. */
const LIMIT = 4

/**
 * Kills the worker while 1,000 payments are open and lets all their receipts arrive while it is down. Measures seconds from
 * its new start to the last mail.
 */
export async function measureRecovery(
  world: World,
  ente: EnteRow,
  say: (text: string) => void,
): Promise<Part> {
  const twin = await recoverTwin(world)
  say(`  twin: ${twin.toFixed(1)} s`)
  const product = await recoverProduct(world, await openBrowsers(world, ente, OPEN))
  say(`  product: ${product.toFixed(1)} s`)
  return {
    rows: [
      [
        `worker killed with ${OPEN} open → none left, s`,
        product.toFixed(1),
        twin.toFixed(1),
        (product / twin).toFixed(2),
        '',
      ],
    ],
    targets: [{ name: 'recovery_ratio', value: product / twin, limit: LIMIT, is: 'most' }],
  }
}

async function recoverProduct(world: World, browsers: readonly Browser[]): Promise<number> {
  const sent = watchSent(world.db)
  const done = browsers.map(({ cartId }) => sent.whenSent(cartId))
  const sessions: string[] = []
  await inLanes(browsers, async (browser) => void sessions.push(await clickPaga(world, browser)))
  await world.programs.worker.kill()
  await inLanes(sessions, (session) => payAtPsp(world, session))
  const seconds = await secondsUntil(world.programs.worker, done)
  sent.stop()
  return seconds
}

async function recoverTwin({ twin, reports, programs }: World): Promise<number> {
  const ids = Array.from({ length: OPEN }, () => randomUUID())
  const done = ids.map((id) => reports.when('mailed', id))
  await inLanes(ids, (id) => twin.begin(id))
  await programs.twinWorker.kill()
  await inLanes(ids, (id) => twin.tell(id))
  return secondsUntil(programs.twinWorker, done)
}

async function secondsUntil(worker: Program, done: readonly Promise<void>[]): Promise<number> {
  const startedAt = performance.now()
  await worker.start()
  await Promise.all(done)
  return (performance.now() - startedAt) / 1000
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = [...items]
  const lane = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
