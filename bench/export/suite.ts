import { statSync } from 'node:fs'
import { bookExport, findExport, type Export } from '../../db/export/export.ts'
import { EXPORT_DIALECT, paidQuery } from '../../db/export/rows.ts'
import { exportFile } from '../../services/file-store.ts'
import { pause } from '../import/file.ts'
import { startImportWorld, type ImportWorld } from '../import/world.ts'
import { table, type Target } from '../report.ts'
import { median, spread } from '../statistics.ts'
import { residentMb } from '../world/usage.ts'
import { fillPaid } from './fill.ts'

export interface Size {
  pairs: number
  rows: number
  smallRows: number
}

export const SHORT: Size = { pairs: 3, rows: 100_000, smallRows: 10_000 }
export const FULL: Size = { pairs: 3, rows: 1_000_000, smallRows: 100_000 }

const LIMITS = { ratio: 4, memoryMb: 350, memoryGrowth: 0.15, growth: 1.1 } as const

type Say = (text: string) => void

interface Series {
  exports: number[]
  controls: number[]
  memory: number
  zipMb: number
}

/** Compares exports of version 1_3, with receipts, to `COPY TO` of the same query. */
export async function benchExport({ pairs, rows, smallRows }: Size, say: Say): Promise<Target[]> {
  const world = await startImportWorld()
  try {
    const small = await series(world, smallRows, pairs, say)
    const large = await series(world, rows, pairs, say)
    const ratio = median(large.exports.map((one, at) => one / large.controls[at]!))
    const grown =
      median(large.exports) / median(small.exports) / (median(large.controls) / median(small.controls))
    const line = (count: number, { exports, controls, memory, zipMb }: Series) =>
      [
        String(count),
        median(exports).toFixed(1),
        median(controls).toFixed(1),
        median(exports.map((one, at) => one / controls[at]!)).toFixed(2),
        memory.toFixed(0),
        zipMb.toFixed(0),
        `${(spread(controls) * 100).toFixed(0)} %`,
      ] as const
    const head = ['rows', 'export, s', 'COPY TO, s', 'ratio', 'MB', 'zip MB', 'control varies'] as const
    say(`\n${table(head, [line(smallRows, small), line(rows, large)])}\n`)
    return [
      { name: 'export_ratio', value: ratio, limit: LIMITS.ratio, is: 'most' },
      { name: 'export_memory_mb', value: large.memory, limit: LIMITS.memoryMb, is: 'most' },
      {
        name: 'export_memory_growth',
        value: large.memory / small.memory - 1,
        limit: LIMITS.memoryGrowth,
        is: 'most',
      },
      { name: 'export_growth_ratio', value: grown, limit: LIMITS.growth, is: 'most' },
    ]
  } finally {
    await world.close()
  }
}

async function series(world: ImportWorld, rows: number, pairs: number, say: Say): Promise<Series> {
  await fillPaid(world.db, world.enteId, rows)
  const found: Series = { exports: [], controls: [], memory: 0, zipMb: 0 }
  for (let pair = 0; pair <= pairs; pair++) {
    const { seconds, memory, booked } = await runExport(world)
    if (booked.rows !== rows) throw new Error(`${booked.rows} rows of ${rows}`)
    const control = await copyTo(world, booked)
    say(
      `  ${rows} rows: export ${seconds.toFixed(1)} s, COPY TO ${control.toFixed(1)} s, ${memory.toFixed(0)} MB`,
    )
    if (pair === 0) continue
    found.exports.push(seconds)
    found.controls.push(control)
    found.memory = Math.max(found.memory, memory)
    found.zipMb = statSync(world.files.path(exportFile(booked.id))).size / 1e6
  }
  return found
}

async function runExport({ db, enteId, flows, processes }: ImportWorld) {
  const from = performance.now()
  const id = await bookExport(db, {
    kind: 'paid',
    enteId,
    operatorId: null,
    format: '1_3',
    withReceipt: true,
    fromOn: '2026-01-01',
    toOn: '2026-01-31',
    dueTypes: [],
    asSecondary: false,
  })
  await processes.wakeExport({ exportId: id, enteId })
  for (let memory = 0; ; await pause(50)) {
    memory = Math.max(memory, residentMb(flows.pid))
    const booked = (await findExport(db, id))!
    if (booked.state === 'ready') return { seconds: (performance.now() - from) / 1000, memory, booked }
    if (booked.state === 'failed') throw new Error(`failed: ${booked.errorCode}`)
  }
}

/** The control: PostgreSQL writes the same rows in the same CSV dialect into a file, without an archive. Returns seconds. */
async function copyTo({ db, folder }: ImportWorld, booked: Export): Promise<number> {
  const from = performance.now()
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    // The statement already contains its values, so a question mark in it is escaped: it is no parameter.
    const copy = `copy (${paidQuery(trx, booked)}) to '${folder}/twin.csv' ${EXPORT_DIALECT}`
    await trx.raw(copy.replaceAll('?', '\\?'))
  })
  return (performance.now() - from) / 1000
}
