import { randomUUID } from 'node:crypto'
import { askAct, previewAct } from '../../db/bulk/ask.ts'
import type { DueFilter } from '../../db/due/search.ts'
import { EXPORT_DIALECT } from '../../db/export/rows.ts'
import type { Actor } from '../../db/journal/event.ts'
import { pause } from '../import/file.ts'
import { startImportWorld, type ImportWorld } from '../import/world.ts'
import { table, type Target } from '../report.ts'
import { median, spread } from '../statistics.ts'
import { residentMb } from '../world/usage.ts'
import { ANY_DUE } from './any-due.ts'
import { anOperator, fillPayable } from './fill.ts'

export interface Size {
  pairs: number
  rows: number
  smallRows: number
}

export const SHORT: Size = { pairs: 1, rows: 100_000, smallRows: 10_000 }
export const FULL: Size = { pairs: 3, rows: 100_000, smallRows: 10_000 }

/**
 * The page that asks must answer while a person waits; an act itself runs in the background. Growth has more room than in other benchmarks,
 * because the small series takes a few seconds.
 */
const LIMITS = { askSeconds: 10, memoryMb: 350, memoryGrowth: 0.15, growth: 1.3 } as const

const KINDS = ['cancel', 'export'] as const
type Kind = (typeof KINDS)[number]
type Say = (text: string) => void
type ActWorld = ImportWorld & { by: Actor }

interface Series {
  asks: number[]
  acts: number[]
  controls: number[]
  memory: number
}

/** Compares an act over all dues of an ente to the same change, or the same rows, by statements alone. */
export async function benchActs({ pairs, rows, smallRows }: Size, say: Say): Promise<Target[]> {
  const plain = await startImportWorld()
  try {
    const world = { ...plain, by: await anOperator(plain.db) }
    const targets: Target[] = []
    for (const kind of KINDS) {
      const small = await series(world, { kind, rows: smallRows, pairs }, say)
      const large = await series(world, { kind, rows, pairs }, say)
      say(`\n${table(HEAD, [lineOf(kind, smallRows, small), lineOf(kind, rows, large)])}\n`)
      targets.push(...targetsOf(kind, small, large))
    }
    return targets
  } finally {
    await plain.close()
  }
}

const HEAD = ['act', 'dues', 'asking, s', 'act, s', 'control, s', 'worker MB', 'control varies'] as const

const lineOf = (kind: Kind, rows: number, { asks, acts, controls, memory }: Series) =>
  [
    kind,
    String(rows),
    median(asks).toFixed(1),
    median(acts).toFixed(1),
    median(controls).toFixed(1),
    memory.toFixed(0),
    `${(spread(controls) * 100).toFixed(0)} %`,
  ] as const

const targetsOf = (kind: Kind, small: Series, large: Series): Target[] => [
  { name: `act_${kind}_ask_seconds`, value: median(large.asks), limit: LIMITS.askSeconds, is: 'most' },
  { name: `act_${kind}_memory_mb`, value: large.memory, limit: LIMITS.memoryMb, is: 'most' },
  {
    name: `act_${kind}_memory_growth`,
    value: large.memory / small.memory - 1,
    limit: LIMITS.memoryGrowth,
    is: 'most',
  },
  {
    name: `act_${kind}_growth_ratio`,
    value: median(large.acts) / median(small.acts) / (median(large.controls) / median(small.controls)),
    limit: LIMITS.growth,
    is: 'most',
  },
]

async function series(
  world: ActWorld,
  { kind, rows, pairs }: { kind: Kind; rows: number; pairs: number },
  say: Say,
): Promise<Series> {
  const found: Series = { asks: [], acts: [], controls: [], memory: 0 }
  for (let pair = 0; pair <= pairs; pair++) {
    await fillPayable(world.db, world.enteId, rows)
    const { ask, act, memory } = await runAct(world, kind, rows)
    // An export leaves the dues as they were.
    if (kind === 'cancel') await fillPayable(world.db, world.enteId, rows)
    const control = await timed(() => CONTROLS[kind](world))
    say(
      `  ${kind} ${rows}: asked in ${ask.toFixed(1)} s, done in ${act.toFixed(1)} s, control ${control.toFixed(1)} s, ${memory.toFixed(0)} MB`,
    )
    // The first pair only warms up.
    if (pair === 0) continue
    found.asks.push(ask)
    found.acts.push(act)
    found.controls.push(control)
    found.memory = Math.max(found.memory, memory)
  }
  return found
}

async function runAct({ db, enteId, by, flows, processes }: ActWorld, kind: Kind, rows: number) {
  const reader = { enteId, operatorId: by.id }
  const selection = { kind, filter: OPEN }
  let actId = ''
  const ask = await timed(async () => {
    const { count, cents, at } = await previewAct(db, reader, selection, undefined)
    const click = { by, why: 'Ruolo rifatto', nonce: randomUUID(), seen: { count, cents, at } }
    const asked = await askAct(db, reader, { ...selection, ...click })
    if (asked.kind !== 'asked') throw new Error(`not asked: ${JSON.stringify(asked)}`)
    actId = asked.id
  })
  let memory = 0
  const act = await timed(async () => {
    await processes.wakeBulkAct({ actId, enteId })
    for (; ; await pause(50)) {
      memory = Math.max(memory, residentMb(flows.pid))
      const { state, done } = (await db('bulk_act')
        .first({ state: 'state', done: 'rows_done' })
        .where({ id: actId })) as { state: string; done: number }
      if (state === 'failed') throw new Error('the act failed')
      if (state !== 'done') continue
      if (done !== rows) throw new Error(`${done} dues of ${rows}`)
      return
    }
  })
  return { ask, act, memory }
}

/** The control of each act: what it does to the rows, by statements alone. */
const CONTROLS: Record<Kind, (world: ActWorld) => Promise<unknown>> = {
  cancel: ({ db }) =>
    db.transaction(async (trx) => {
      await trx.raw('set local statement_timeout = 0')
      await trx.raw(
        `with cancelled as (update due set state = 'cancelled', cancelled_reason = 'operator' returning id)
         insert into event (entity, entity_id, kind, data) select 'due', id, 'cancelled_by', '{}' from cancelled`,
      )
    }),
  export: ({ db, folder }) =>
    db.transaction(async (trx) => {
      await trx.raw('set local statement_timeout = 0')
      await trx.raw(
        `copy (select iud, iuv, causale, importo_cents, due_on, state, pagatore_codice, pagatore ->> 'anagrafica', changed_at
          from due order by id) to '${folder}/twin.csv' ${EXPORT_DIALECT}`.replaceAll('?', '\\?'),
      )
    }),
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return (performance.now() - from) / 1000
}

const OPEN: DueFilter = { ...ANY_DUE, ids: undefined, tab: 'open' }
