import { medianOf, ratioOf, runPairs, type Pairs } from '../pairs.ts'
import { compared, HEAD, type Part } from '../part.ts'
import { table } from '../report.ts'
import { closeOnSignal } from '../world/close-on-signal.ts'
import { loadPage, USERS, type Load } from './load.ts'
import { PAGES, prepareVisits, type PageName } from './visits.ts'
import { measureWaiting } from './waiting.ts'
import { startPagesWorld, type PagesWorld, type Sizes } from './world.ts'
import type { Target } from '../report.ts'

export interface Size extends Sizes {
  pairs: number
  windowMs: number
}

export const SHORT: Size = { smallDues: 20_000, largeDues: 500_000, pairs: 5, windowMs: 2_000 }
export const FULL: Size = { smallDues: 50_000, largeDues: 5_000_000, pairs: 5, windowMs: 6_000 }

const LIMITS = { rate: 0.6, p95: 150, growth: 1.5 } as const

type Say = (text: string) => void

/** Prints the table; returns the targets that must be met. */
export async function benchPages(size: Size, say: Say): Promise<Target[]> {
  say('filling the databases')
  const world = await startPagesWorld(size, say)
  const listening = closeOnSignal(world)
  const parts: Part[] = []
  try {
    for (const name of Object.keys(PAGES) as PageName[]) parts.push(await measurePage(world, name, size, say))
    say('a thousand waiting pages')
    parts.push(await measureWaiting(world.small, say))
  } finally {
    listening.forget()
    await world.close()
  }
  const rows = parts.flatMap((part) => part.rows)
  say(`\n${table(HEAD, rows)}\n`)
  return parts.flatMap(({ targets }) => targets)
}

async function measurePage(
  { small, control, large }: PagesWorld,
  name: PageName,
  { pairs, windowMs }: Size,
  say: Say,
): Promise<Part> {
  // What it remembers of the last page is of another person.
  process.kill(control.program.pid, 'SIGUSR2')
  const visits = {
    small: await prepareVisits(small, name),
    control: await prepareVisits(control, name),
    large: await prepareVisits(large, name),
  }
  const onSmall = (): Promise<Load> => loadPage(small, visits.small, windowMs)
  say(`${name}, ${USERS} users: pages per second, product / control`)
  const rate = await runPairs(
    { product: onSmall, twin: () => loadPage(control, visits.control, windowMs), figure: perSecond },
    pairs,
    say,
  )
  say(`${name}, ${USERS} users: p95 in ms, large database / small`)
  const growth = await runPairs(
    { product: () => loadPage(large, visits.large, windowMs), twin: onSmall, figure: p95 },
    pairs,
    say,
  )
  return pagePart(name, rate, growth)
}

const perSecond = (load: Load): number => load.perSecond
const p95 = (load: Load): number => load.p95

function pagePart(name: PageName, rate: Pairs<Load>, growth: Pairs<Load>): Part {
  const target = (what: string, value: number, limit: number, is: Target['is']): Target => ({
    name: `${name}_${what}`,
    value,
    limit,
    is,
  })
  return {
    rows: [
      compared(`${name}: pages per second`, rate, perSecond, 0),
      compared(`${name}: p95, ms`, rate, p95, 1),
      compared(`${name}: p95, ms, large / small database`, growth, p95, 1),
      ...(['api', 'postgres', 'client'] as const).map((part) =>
        compared(`${name}: CPU ms per page, ${part}`, rate, ({ cpu }) => cpu[part], 2),
      ),
    ],
    targets: [
      target('rate_ratio', ratioOf(rate, perSecond), LIMITS.rate, 'least'),
      target('p95_ms', medianOf(rate.product, p95), LIMITS.p95, 'most'),
      target('growth_p95_ratio', ratioOf(growth, p95), LIMITS.growth, 'most'),
    ],
  }
}
