import type { Flow } from '../../db/flow/flow.ts'
import { IMPORT_FLOW } from '../../workflows/import-flow/contract.ts'
import { table, type Row, type Target } from '../report.ts'
import { median, spread } from '../statistics.ts'
import { residentMb } from '../world/usage.ts'
import { measurePaymentsBeside } from './beside.ts'
import { copySameRows, emptyTables } from './control.ts'
import { measureFairness } from './fairness.ts'
import { csvOf, sendFile, whenLoaded } from './file.ts'
import { startImportWorld, type ImportWorld } from './world.ts'

export interface Size {
  pairs: number
  rows: number
  /** The growth of time and memory is measured from this number of rows to `rows`. */
  smallRows: number
  /** Rows of each of ten enti that load at once: enough for several turns, or the ente with the first turn would end first. */
  rowsOfEach: number
  /** Payments made while files load, and as many without other load. */
  payments: number
}

export const SHORT: Size = { pairs: 3, rows: 100_000, smallRows: 10_000, rowsOfEach: 60_000, payments: 40 }
export const FULL: Size = {
  pairs: 2,
  rows: 1_000_000,
  smallRows: 100_000,
  rowsOfEach: 100_000,
  payments: 120,
}

const LIMITS = {
  ratio: 2.5,
  again: 0.7,
  resume: 1.2,
  resumeSeconds: 15,
  memoryMb: 350,
  memoryGrowth: 0.15,
  growth: 1.1,
  events: 2_500,
} as const

type Say = (text: string) => void

interface Loaded {
  seconds: number
  /** Highest memory of the worker, MB. */
  memory: number
  flow: Flow
}

/** Prints the table; returns the targets that must be met. */
export async function benchImport(size: Size, say: Say): Promise<Target[]> {
  const targets = await measureImports(size, say)
  say('"Paga" with nothing else to do, and beside an import')
  return [...targets, ...(await measurePaymentsBeside(size, say))]
}

async function measureImports(size: Size, say: Say): Promise<Target[]> {
  const world = await startImportWorld()
  try {
    await pair(world, size.smallRows, say)
    const small = await series(world, size.smallRows, size.pairs, say)
    const large = await series(world, size.rows, size.pairs, say)
    const resumed = await killedAtHalf(world, size.rows, median(large.imports), say)
    const shared = await measureFairness(world, { longRows: size.rows, rowsOfEach: size.rowsOfEach }, say)
    return [...report(size, { small, large, resumed }, say), ...shared]
  } finally {
    await world.close()
  }
}

interface Series {
  imports: number[]
  controls: number[]
  agains: number[]
  memory: number
  events: number
}

async function series(world: ImportWorld, rows: number, pairs: number, say: Say): Promise<Series> {
  const found: Series = { imports: [], controls: [], agains: [], memory: 0, events: 0 }
  for (let n = 0; n < pairs; n++) {
    const one = await pair(world, rows, say)
    found.imports.push(one.first.seconds)
    found.controls.push(one.control)
    found.agains.push(one.again.seconds)
    found.memory = Math.max(found.memory, one.first.memory)
    found.events = Math.max(found.events, one.events)
  }
  return found
}

async function pair(world: ImportWorld, rows: number, say: Say) {
  await emptyTables(world)
  const first = await load(world, csvOf(rows))
  const control = await copySameRows(world)
  const dues = (await world.db('due').select('iud', 'iuv')) as { iud: string; iuv: string }[]
  const iuvs = new Map(dues.map(({ iud, iuv }) => [iud, iuv]))
  const again = await load(world, csvOf(rows, { action: 'M', iuvs }))
  if (again.flow.rowsUnchanged !== first.flow.rowsLoaded)
    throw new Error('rows that change nothing changed something')
  const events = await eventsOf(world, first.flow.id)
  say(
    `  ${rows} rows: import ${first.seconds.toFixed(1)} s, control ${control.toFixed(1)} s, ` +
      `again ${again.seconds.toFixed(1)} s, ${first.memory.toFixed(0)} MB, ${events} events`,
  )
  return { first, control, again, events }
}

/** Loads a file; the time runs from the start of its process to its end, outcome files included. */
async function load(world: ImportWorld, csv: string, onHalf?: () => Promise<void>): Promise<Loaded> {
  const from = performance.now()
  let memory = 0
  let isHalf = false
  const flow = await whenLoaded(world.db, await sendFile(world, csv), async ({ nextByte, csvBytes }) => {
    memory = Math.max(memory, residentOrNothing(world.flows.pid))
    if (!onHalf || isHalf || nextByte <= csvBytes / 2) return
    isHalf = true
    await onHalf()
  })
  return { seconds: (performance.now() - from) / 1000, memory, flow }
}

async function killedAtHalf(
  world: ImportWorld,
  rows: number,
  undisturbed: number,
  say: Say,
): Promise<number> {
  await emptyTables(world)
  const { seconds, flow } = await load(world, csvOf(rows), async () => {
    await world.flows.kill()
    await world.flows.start()
  })
  const [{ count }] = (await world.db('due').count('* as count')) as [{ count: number }]
  if (count !== flow.rowsLoaded) throw new Error(`${count} dues for ${flow.rowsLoaded} rows`)
  say(
    `  killed at half: ${seconds.toFixed(1)} s, undisturbed ${undisturbed.toFixed(1)} s; nothing lost or doubled`,
  )
  return seconds
}

/** Events of all runs of the process, because a process that grew too long continues in a new run. NaN when none is found. */
async function eventsOf({ client }: ImportWorld, flowId: string): Promise<number> {
  const { workflow } = client
  const workflowId = IMPORT_FLOW.id(flowId)
  let count = 0
  for await (const { runId } of workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory()
    count += events?.length ?? Number.NaN
  }
  // Temporal may not list the process yet; then nothing was measured.
  return count === 0 ? Number.NaN : count
}

function report(
  { rows, smallRows }: Size,
  { small, large, resumed }: { small: Series; large: Series; resumed: number },
  say: Say,
): Target[] {
  const ratio = (a: readonly number[], b: readonly number[]): number =>
    median(a.map((one, at) => one / b[at]!))
  const grown =
    median(large.imports) / median(small.imports) / (median(large.controls) / median(small.controls))
  const line = (name: string, { imports, controls, agains, memory, events }: Series): Row => [
    name,
    median(imports).toFixed(1),
    median(controls).toFixed(1),
    ratio(imports, controls).toFixed(2),
    ratio(agains, imports).toFixed(2),
    memory.toFixed(0),
    String(events),
    `${(spread(controls) * 100).toFixed(0)} %`,
  ]
  const head: Row = ['rows', 'import, s', 'control, s', 'ratio', 'again', 'MB', 'events', 'control varies']
  say(`\n${table(head, [line(String(smallRows), small), line(String(rows), large)])}\n`)
  const allowed = median(large.imports) * LIMITS.resume + LIMITS.resumeSeconds
  return [
    { name: 'import_ratio', value: ratio(large.imports, large.controls), limit: LIMITS.ratio, is: 'most' },
    {
      name: 'import_again_ratio',
      value: ratio(large.agains, large.imports),
      limit: LIMITS.again,
      is: 'most',
    },
    { name: 'import_resume_of_allowed', value: resumed / allowed, limit: 1, is: 'most' },
    { name: 'import_memory_mb', value: large.memory, limit: LIMITS.memoryMb, is: 'most' },
    {
      name: 'import_memory_growth',
      value: large.memory / small.memory - 1,
      limit: LIMITS.memoryGrowth,
      is: 'most',
    },
    { name: 'import_growth_ratio', value: grown, limit: LIMITS.growth, is: 'most' },
    { name: 'import_events', value: large.events, limit: LIMITS.events, is: 'most' },
  ]
}

/** Resident memory of a process in MB; 0 while it is being restarted. */
function residentOrNothing(pid: number): number {
  try {
    return pid > 0 ? residentMb(pid) : 0
  } catch {
    return 0
  }
}
