import { cpus } from 'node:os'
import { HEAD, type Part } from '../part.ts'
import { table, type Row, type Target } from '../report.ts'
import { closeOnSignal } from '../world/close-on-signal.ts'
import { startWorld, type World } from '../world/world.ts'
import { measureLatency } from './latency.ts'
import { measureMemory } from './memory.ts'
import { insertEnte, type EnteRow } from './prepare.ts'
import { measureRecovery } from './recovery.ts'
import { readReplies } from './replies.ts'
import { answersPart, latencyPart, startPart, throughputPart } from './report.ts'
import { measureStart } from './start-time.ts'
import { measureThroughput } from './throughput.ts'

export interface Size {
  pairs: number
  windowMs: number
  /** Payments per window when they are made one after the other. */
  payments: number
  /** Also measures recovery after a restart and memory. */
  isFull: boolean
}

export const SHORT: Size = { pairs: 5, windowMs: 4_500, payments: 20, isFull: false }
export const FULL: Size = { pairs: 5, windowMs: 20_000, payments: 60, isFull: true }

type Say = (text: string) => void

/** Prints the table; returns the targets that must be met. */
export async function benchPayments(size: Size, say: Say): Promise<Target[]> {
  say('npm start on an installed clone')
  const parts = [startPart(await measureStart())]
  const world = await startWorld()
  const listening = closeOnSignal(world)
  try {
    parts.push(...(await measureAll(world, await insertEnte(world.db), size, say)))
  } finally {
    listening.forget()
    await world.close()
  }
  say(
    `\n${table(
      HEAD,
      parts.flatMap(({ rows }): Row[] => rows),
    )}\n`,
  )
  return parts.flatMap(({ targets }) => targets)
}

async function measureAll(world: World, ente: EnteRow, size: Size, say: Say): Promise<Part[]> {
  const { pairs, windowMs, payments, isFull } = size
  const cores = cpus().length
  say('one in flight: p95 of "Paga", ms, product / twin')
  const latency = latencyPart(await measureLatency(world, ente, { pairs, payments, say }))
  const loadedFrom = Date.now()
  say('fifty in flight: payments per second, product / twin')
  const throughput = throughputPart(await measureThroughput(world, ente, { pairs, windowMs, cores, say }))
  const answers = answersPart((await readReplies(world)).filter(({ at }) => at >= loadedFrom))
  if (!isFull) return [latency, throughput, answers]
  return [
    latency,
    throughput,
    answers,
    await measureMemory(world, ente, say),
    await measureRecovery(world, ente, say),
  ]
}
