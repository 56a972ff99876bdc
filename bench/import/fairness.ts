import type { Target } from '../report.ts'
import { csvOf, insertFlowEnte, pause, sendFile, whenLoaded, type FlowTarget } from './file.ts'

const SHORT_ROWS = 1_000
const ENTI = 10
/** Limit for a short file behind a long one: this many seconds or this many times its time alone, whichever is more. */
const BEHIND = { seconds: 10, times: 3 }
/** Limit for the time of the last of ten equal files divided by that of the first. */
const SPREAD = 1.5

/** Measures a file of a thousand rows alone and while another ente loads a long one, and ten equal files of ten enti at once. */
export async function measureFairness(
  world: FlowTarget,
  { longRows, rowsOfEach }: { longRows: number; rowsOfEach: number },
  say: (text: string) => void,
): Promise<Target[]> {
  const alone = await timeFile(await anEnte(world), SHORT_ROWS)
  const long = sendFile(await anEnte(world), csvOf(longRows))
  const loading = whenLoaded(world.db, await long)
  // Waits until the long file is well under way.
  await pause(2_000)
  const behind = await timeFile(await anEnte(world), SHORT_ROWS)
  await loading
  say(
    `  a thousand rows: alone ${alone.toFixed(1)} s, behind ${longRows} of another ente ${behind.toFixed(1)} s`,
  )
  const targets = await Promise.all(Array.from({ length: ENTI }, () => anEnte(world)))
  const ends = await Promise.all(targets.map((target) => timeFile(target, rowsOfEach)))
  const [first, last] = [Math.min(...ends), Math.max(...ends)]
  say(
    `  ten enti with ${rowsOfEach} rows each: the first ends after ${first.toFixed(1)} s, the last after ${last.toFixed(1)} s`,
  )
  const allowed = Math.max(BEHIND.seconds, BEHIND.times * alone)
  return [
    { name: 'import_short_behind_long_s', value: behind, limit: Number(allowed.toFixed(2)), is: 'most' },
    { name: 'import_ten_enti_last_to_first', value: last / first, limit: SPREAD, is: 'most' },
  ]
}

const anEnte = async (world: FlowTarget): Promise<FlowTarget> => ({
  ...world,
  enteId: await insertFlowEnte(world.db),
})

async function timeFile(target: FlowTarget, rows: number): Promise<number> {
  const csv = csvOf(rows)
  const from = performance.now()
  await whenLoaded(target.db, await sendFile(target, csv))
  return (performance.now() - from) / 1000
}
