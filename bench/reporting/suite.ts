import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { insertFlowEnte, pause } from '../import/file.ts'
import { startImportWorld, type ImportWorld } from '../import/world.ts'
import { table, type Row, type Target } from '../report.ts'
import { median, spread } from '../statistics.ts'
import { prepareCounters, readCounters } from '../world/statements.ts'
import { residentMb } from '../world/usage.ts'
import { copySameRows, emptyTables } from './control.ts'
import { fillPaid } from './fill.ts'
import { measureManyEnti } from './many-enti.ts'
import { startService, type Service } from './service.ts'

export interface Size {
  pairs: number
  rows: number
  /** The growth of time and memory is measured from this number of rows to `rows`. */
  smallRows: number
  enti: number
}

export const SHORT: Size = { pairs: 2, rows: 30_000, smallRows: 10_000, enti: 200 }
export const FULL: Size = { pairs: 3, rows: 100_000, smallRows: 10_000, enti: 1_000 }

const LIMITS = { ratio: 3, memoryMb: 300, memoryGrowth: 0.15, growth: 1.1, statementsPerThousand: 6 } as const

type Say = (text: string) => void

/** Prints the table; returns the targets that must be met. */
export async function benchReporting(size: Size, say: Say): Promise<Target[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-bench-'))
  const service = await startService(folder)
  const world = await startImportWorld({ FDR_URL: service.url, FDR_KEYS: 'key of the benchmark' })
  try {
    await prepareCounters(world.db)
    const flows = await measureFlows({ world, service }, size, say)
    return [...flows, ...(await measureManyEnti(world, service, { enti: size.enti, say }))]
  } finally {
    await world.close()
    await service.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Place {
  world: ImportWorld
  service: Service
}

async function measureFlows(place: Place, { smallRows, rows, pairs }: Size, say: Say): Promise<Target[]> {
  await pair(place, smallRows, say)
  const small = await series(place, smallRows, pairs, say)
  const large = await series(place, rows, pairs, say)
  const ratio = ({ fetches, controls }: Series): number =>
    median(fetches.map((one, at) => one / controls[at]!))
  const line = (name: string, one: Series): Row => [
    name,
    median(one.fetches).toFixed(2),
    median(one.controls).toFixed(2),
    ratio(one).toFixed(2),
    one.memory.toFixed(0),
    one.statements.toFixed(1),
    `${(spread(one.controls) * 100).toFixed(0)} %`,
  ]
  const head: Row = [
    'payments',
    'fetch, s',
    'control, s',
    'ratio',
    'MB',
    'statements / 1,000',
    'control varies',
  ]
  say(`\n${table(head, [line(String(smallRows), small), line(String(rows), large)])}\n`)
  const most = (name: string, value: number, limit: number): Target => ({ name, value, limit, is: 'most' })
  return [
    most('reporting_ratio', ratio(large), LIMITS.ratio),
    most('reporting_memory_mb', large.memory, LIMITS.memoryMb),
    most('reporting_memory_growth', large.memory / small.memory - 1, LIMITS.memoryGrowth),
    most(
      'reporting_growth_ratio',
      median(large.fetches) / median(small.fetches) / (median(large.controls) / median(small.controls)),
      LIMITS.growth,
    ),
    most('reporting_statements_per_thousand', large.statements, LIMITS.statementsPerThousand),
  ]
}

interface Series {
  fetches: number[]
  controls: number[]
  /** Highest memory of the worker, MB. */
  memory: number
  /** Statements per thousand payments. */
  statements: number
}

async function series(place: Place, rows: number, pairs: number, say: Say): Promise<Series> {
  const found: Series = { fetches: [], controls: [], memory: 0, statements: 0 }
  for (let n = 0; n < pairs; n++) {
    const one = await pair(place, rows, say)
    found.fetches.push(one.seconds)
    found.controls.push(one.control)
    found.memory = Math.max(found.memory, one.memory)
    found.statements = Math.max(found.statements, one.statements)
  }
  return found
}

async function pair({ world, service }: Place, rows: number, say: Say) {
  await emptyTables(world)
  // An ente of its own each time, because the service goes on publishing the flows of the pairs before.
  const enteId = await insertFlowEnte(world.db)
  const [{ domain }] = (await world.db('ente').where({ id: enteId }).select('codice_fiscale as domain')) as [
    { domain: string },
  ]
  const recipe = await fillPaid(world.db, { enteId, domain, payments: rows })
  service.publish({ flows: [{ domain, fdr: `2026-03-31BENCH-${randomUUID().slice(0, 8)}`, recipe }] })
  const fetched = await fetch({ ...world, enteId }, rows)
  const control = await copySameRows(world)
  say(
    `  ${rows} payments: ${fetched.seconds.toFixed(1)} s, control ${control.toFixed(1)} s, ` +
      `${fetched.memory.toFixed(0)} MB, ${fetched.statements.toFixed(1)} statements per thousand`,
  )
  return { ...fetched, control }
}

/** Fetches the flow that was published and reconciles it; the time runs from the start of its process to its end. */
async function fetch({ db, processes, enteId, flows }: ImportWorld, rows: number) {
  const before = await readCounters(db)
  const from = performance.now()
  let memory = 0
  let looks = 0
  await processes.fetchReporting({
    enteId,
    operatorId: null,
    fromOn: null,
    summary: 'a flow of the benchmark',
  })
  for (;;) {
    await pause(100)
    looks += 1
    memory = Math.max(memory, residentMb(flows.pid))
    const run = (await db('reporting_run').first('outcome', 'stored')) as
      { outcome: string | null; stored: number } | undefined
    if (run?.outcome === 'OK' && run.stored === 1) break
    if (run?.outcome) throw new Error(`the fetch ended with ${run.outcome} and ${run.stored} flows`)
  }
  const seconds = (performance.now() - from) / 1000
  const [{ count }] = (await db('reported_row').where({ class: 'matched' }).count('* as count')) as [
    { count: number },
  ]
  if (Number(count) !== rows) throw new Error(`${count} of ${rows} payments are matched`)
  const { statements } = await readCounters(db)
  return { seconds, memory, statements: (1000 * (statements - before.statements - looks)) / rows }
}
