import { residentMb } from '../world/usage.ts'
import type { World } from '../world/world.ts'
import { openBrowsers } from './browsers.ts'
import type { EnteRow } from './prepare.ts'
import type { Part } from '../part.ts'
import { watchSent } from './sent-watch.ts'
import { IN_FLIGHT, payOne } from './throughput.ts'

const PAYMENTS = 2_000
const WARM_AFTER = 500
const BATCH = 250
/** Allowed growth after the first 500 payments, as a share. */
const LIMIT = 0.2

/** Measures the resident memory of a fresh worker over 2,000 payments. */
export async function measureMemory(world: World, ente: EnteRow, say: (text: string) => void): Promise<Part> {
  const { worker } = world.programs
  await worker.stop()
  await worker.start()
  const sent = watchSent(world.db)
  const seen: number[] = []
  for (let paid = 0; paid < PAYMENTS; paid += BATCH) {
    const browsers = await openBrowsers(world, ente, BATCH)
    const lane = async (): Promise<void> => {
      for (let one = payOne(world, sent, browsers.pop()); one; one = payOne(world, sent, browsers.pop()))
        await one
    }
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
    seen.push(residentMb(worker.pid))
    say(`  worker after ${paid + BATCH} payments: ${seen.at(-1)!.toFixed(0)} MB`)
  }
  sent.stop()
  const warm = seen[WARM_AFTER / BATCH - 1]!
  const growth = seen.at(-1)! / warm - 1
  return {
    rows: [
      [
        `worker RSS after ${WARM_AFTER} / ${PAYMENTS}, MB`,
        `${warm.toFixed(0)} / ${seen.at(-1)!.toFixed(0)}`,
        '',
        '',
        '',
      ],
    ],
    targets: [{ name: 'worker_memory_growth', value: growth, limit: LIMIT, is: 'most' }],
  }
}
