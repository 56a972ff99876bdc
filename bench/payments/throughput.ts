import { randomUUID } from 'node:crypto'
import { runPairs, type Pairs } from '../pairs.ts'
import { cpuSeconds, ownCpuSeconds } from '../world/usage.ts'
import type { World } from '../world/world.ts'
import { clickPaga, openBrowsers, payAtPsp, type Browser } from './browsers.ts'
import { closedLoop } from '../closed-loop.ts'
import type { EnteRow } from './prepare.ts'
import { watchSent, type SentWatch } from './sent-watch.ts'

export interface Throughput {
  perSecond: number
  /** CPU seconds of one payment, by process. */
  cpu: Record<string, number>
  /** Share of the machine's CPU that the measuring process used. */
  client: number
}

export interface ThroughputOptions {
  pairs: number
  windowMs: number
  cores: number
  say: (text: string) => void
}

export const IN_FLIGHT = 50
/** Payments that a window counts at least: two waves. */
const AT_LEAST = 2 * IN_FLIGHT
/** Payments per second prepared for the first window; later windows use the measured rate. */
const FIRST_GUESS_PER_SECOND = 60

/** Measures payments from the click on "Paga" to the sent receipt mail, and the twin's same steps with nothing in them. */
export async function measureThroughput(
  world: World,
  ente: EnteRow,
  { pairs, windowMs, cores, say }: ThroughputOptions,
): Promise<Pairs<Throughput>> {
  const sent = watchSent(world.db)
  const { worker, api, simulator, twinWorker } = world.programs
  const { postgres, temporal } = world.servers
  const ofProduct = { worker: worker.pid, api: api.pid, postgres, temporal, simulator: simulator.pid }
  const ofTwin = { worker: twinWorker.pid, temporal }
  let browsers: Browser[] = []
  let rate = FIRST_GUESS_PER_SECOND
  try {
    return await runPairs(
      {
        figure: (result) => result.perSecond,
        async product() {
          const wanted = Math.ceil(Math.max((rate * 1.5 * windowMs) / 1000, AT_LEAST)) + 3 * IN_FLIGHT
          browsers = [
            ...browsers,
            ...(await openBrowsers(world, ente, Math.max(0, wanted - browsers.length))),
          ]
          const one = () => payOne(world, sent, browsers.pop())
          const result = await measure({ one, windowMs, cores, pids: ofProduct })
          rate = Math.max(result.perSecond, FIRST_GUESS_PER_SECOND / 3)
          return result
        },
        twin: () => measure({ one: () => twinOne(world, randomUUID()), windowMs, cores, pids: ofTwin }),
      },
      pairs,
      say,
    )
  } finally {
    sent.stop()
  }
}

export function payOne(
  world: World,
  sent: SentWatch,
  browser: Browser | undefined,
): Promise<void> | undefined {
  if (!browser) return undefined
  const done = sent.whenSent(browser.cartId)
  return clickPaga(world, browser)
    .then((session) => payAtPsp(world, session))
    .then(() => done)
}

export async function twinOne({ twin, reports }: World, id: string): Promise<void> {
  const done = reports.when('mailed', id)
  await twin.begin(id)
  await twin.tell(id)
  await done
}

interface Measured {
  one: () => Promise<void> | undefined
  windowMs: number
  cores: number
  pids: Record<string, number>
}

async function measure({ one, windowMs, cores, pids }: Measured): Promise<Throughput> {
  const marks: Record<string, number>[] = []
  const mark = (): void => void marks.push({ ...usedBy(pids), client: ownCpuSeconds() })
  const { done, seconds } = await closedLoop({ inFlight: IN_FLIGHT, windowMs, atLeast: AT_LEAST, one, mark })
  const [from, to] = marks as [Record<string, number>, Record<string, number>]
  const used = Object.keys(to).map((name) => [name, to[name]! - from[name]!] as const)
  return {
    perSecond: done / seconds,
    cpu: Object.fromEntries(used.map(([name, cpu]) => [name, cpu / done])),
    client: (to['client']! - from['client']!) / seconds / cores,
  }
}

const usedBy = (pids: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]))
