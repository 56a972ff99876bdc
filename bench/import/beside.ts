import { Client, Connection } from '@temporalio/client'
import { join } from 'node:path'
import { createFileStore } from '../../services/file-store.ts'
import { createProcesses } from '../../workflows/processes.ts'
import { clickPaga, openBrowsers, payAtPsp, type Browser } from '../payments/browsers.ts'
import { insertEnte, type EnteRow } from '../payments/prepare.ts'
import type { Target } from '../report.ts'
import { percentile } from '../statistics.ts'
import { startWorld, type World } from '../world/world.ts'
import { csvOf, insertFlowEnte, pause, sendFile, whenLoaded, type FlowTarget } from './file.ts'

/** A payment begins at this interval, whether the one before has ended or not. */
const EVERY_MS = 500
const TIMES = 4
const LIMIT_MS = 1_000

/** Compares the p95 of "Paga" without other load with its p95 while files load one after the other. */
export async function measurePaymentsBeside(
  { payments, rows }: { payments: number; rows: number },
  say: (text: string) => void,
): Promise<Target[]> {
  const world = await startWorld({ withFlows: true })
  const connection = await Connection.connect({ address: world.temporalAddress })
  try {
    const ente = await insertEnte(world.db)
    await payOnSchedule(world, ente, 10)
    const idle = await payOnSchedule(world, ente, payments)
    const target: FlowTarget = {
      db: world.db,
      files: createFileStore(join(world.folder, 'files')),
      processes: createProcesses(new Client({ connection })),
      enteId: await insertFlowEnte(world.db),
    }
    const loading = keepLoading(target, rows)
    await pause(1_000)
    const busy = await payOnSchedule(world, ente, payments)
    const loaded = await loading.stop()
    say(
      `  "Paga" p95: alone ${idle.toFixed(0)} ms, beside an import ${busy.toFixed(0)} ms (${loaded} rows loaded)`,
    )
    return [
      { name: 'paga_beside_import_ratio', value: busy / idle, limit: TIMES, is: 'most' },
      { name: 'paga_beside_import_ms', value: busy, limit: LIMIT_MS, is: 'most' },
    ]
  } finally {
    await connection.close()
    await world.close()
  }
}

/** p95 in ms, counted from the moment each click was due, so that a stall counts in every payment that it delays. */
async function payOnSchedule(world: World, ente: EnteRow, count: number): Promise<number> {
  const browsers = await openBrowsers(world, ente, count)
  const from = performance.now()
  const took = await Promise.all(browsers.map((browser, n) => payAt(world, browser, from + n * EVERY_MS)))
  return percentile(took, 0.95)
}

async function payAt(world: World, browser: Browser, due: number): Promise<number> {
  await pause(Math.max(0, due - performance.now()))
  const session = await clickPaga(world, browser)
  const took = performance.now() - due
  await payAtPsp(world, session)
  return took
}

/** Loads file after file until `stop`, which returns the number of rows read so far. */
function keepLoading(target: FlowTarget, rows: number): { stop: () => Promise<number> } {
  let isStopped = false
  const loop = (async () => {
    for (let n = 0; !isStopped; n++) {
      const flowId = await sendFile(target, csvOf(rows, { prefix: `B${n}` }))
      const ended = whenLoaded(target.db, flowId, () => {
        if (isStopped) throw STOPPED
      })
      await ended.catch((error: unknown) => {
        if (error !== STOPPED) throw error
      })
    }
  })()
  return {
    async stop() {
      isStopped = true
      await loop
      const [{ sum }] = (await target.db('flow').sum('rows_read as sum')) as [{ sum: string }]
      return Number(sum)
    },
  }
}

const STOPPED = new Error('stopped')
