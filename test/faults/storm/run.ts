import { setTimeout as sleep } from 'node:timers/promises'
import type { Finding } from '../../../tools/check/invariant.ts'
import { findingsOf, isSettled } from '../tools/checker.ts'
import type { Gates } from '../tools/environment.ts'
import type { World } from '../tools/world.ts'
import { pay, type Outside } from './citizen.ts'
import { ALL_FAULTS } from './faults.ts'
import { fileFinding, sendInStorm, someEnti } from './files.ts'
import { randomOf } from './random.ts'
import { reportFinding, reportInStorm, type Reports } from './reports.ts'
import { LOSS, scheduleFor, type Strike } from './schedule.ts'

const READY_WITHIN_MS = 60_000
const SETTLED_WITHIN_MS = 120_000
/** Seconds that calls of the node may still fail after the last fault ended. */
const BUDGET_SECONDS = 15
/** A citizen who still tries after this time has found a defect. */
const CITIZENS_WITHIN_MS = 90_000

export interface Struck extends Strike {
  /** Milliseconds from the end of the fault until worker and api are ready. */
  recoveredMs: number
}

export interface StormReport {
  seed: number
  payments: number
  struck: Struck[]
  /** Reporting flows that PSPs published. */
  flows: number
  findings: Finding[]
}

/** Runs the storm of a seed, waits until all is settled, then runs the checker. Leaves the world running for inspection. */
export async function runStorm(world: World, seed: number, payments: number): Promise<StormReport> {
  const { strikes, orders, files, reports: publications } = scheduleFor(seed, payments)
  const enti = await someEnti(world)
  const startedAt = Date.now()
  const until = (atMs: number): Promise<void> => sleep(Math.max(0, startedAt + atMs - Date.now()))
  loseAnswers(world.gates, seed, LOSS)
  const outside = outsideOf(world)
  const unserved = new Set(orders.map((_, index) => index))
  const citizens = orders.map(async (order, index) => {
    await until(order.atMs)
    await pay({ world, outside, order, number: index })
    unserved.delete(index)
  })
  const operators = files.map(async (order, index) => {
    await until(order.atMs)
    await sendInStorm({ world, outside, enti }, order, index)
  })
  const reports: Reports = new Map()
  const psps = publications.map(async (order) => {
    await until(order.atMs)
    await reportInStorm({ world, outside, reports }, order)
  })
  const struck: Struck[] = []
  for (const strike of strikes) {
    await until(strike.atMs)
    struck.push({ ...strike, recoveredMs: await strikeOnce(world, strike) })
  }
  loseAnswers(world.gates, seed, 0)
  await Promise.race([
    Promise.allSettled([...citizens, ...operators, ...psps]),
    sleep(CITIZENS_WITHIN_MS, undefined, { ref: false }),
  ])
  outside.isOver = true
  world.simulator.behave({ clear: true })
  const reported = await reportFinding(world, reports)
  const healing = { healedAt: new Date().toISOString(), budgetSeconds: BUDGET_SECONDS }
  const findings = await findingsOf(world, healing, SETTLED_WITHIN_MS)
  const ends = [await settledFinding(world, unserved.size), await fileFinding(world, enti, files), reported]
  return { seed, payments, struck, flows: reports.size, findings: [...findings, ...ends] }
}

async function strikeOnce(world: World, { fault, forMs }: Strike): Promise<number> {
  const { strike, heal } = ALL_FAULTS[fault]
  await strike(world)
  await sleep(forMs)
  const liftedAt = Date.now()
  await heal(world)
  while (!(await isReady(world))) {
    if (Date.now() - liftedAt > READY_WITHIN_MS) throw new Error(`not ready after ${fault}`)
    await sleep(50)
  }
  return Date.now() - liftedAt
}

/** Restarts parts that ended because a server went away, like their supervisor would; true when all are ready. */
async function isReady({ worker, flows, api }: World): Promise<boolean> {
  const parts = [worker, flows, api]
  for (const part of parts) if (!part.isUp()) await part.start()
  return (await Promise.all(parts.map((part) => part.isReady()))).every(Boolean)
}

function loseAnswers(gates: Gates, seed: number, share: number): void {
  Object.values(gates).forEach((gate, index) => gate.loseSome(share, randomOf(seed + index)))
}

/** The simulator's sessions, read at most every `FRESH_MS`, because two hundred citizens ask for them at the same time. */
function outsideOf({ simulator }: World): Outside {
  const FRESH_MS = 200
  let readAt = 0
  let sessions = new Map<string, string>()
  return {
    isOver: false,
    sessionOf(domain) {
      if (Date.now() - readAt > FRESH_MS) {
        const { rpts } = simulator.state(0, Number.MAX_SAFE_INTEGER)
        sessions = new Map(rpts.map((rpt) => [rpt.domain, rpt.idSession]))
        readAt = Date.now()
      }
      return sessions.get(domain)
    },
  }
}

async function settledFinding(world: World, unserved: number): Promise<Finding> {
  const violations = (await isSettled(world)) ? [] : ['something is still on its way']
  if (unserved > 0) violations.push(`${unserved} citizens got no answer`)
  return { id: 'end', name: 'settled', violations }
}
