import type { Choice } from '../../../simulator/world/facts.ts'
import { FAULT_NAMES, FILE_FAULT_NAMES, type FaultName } from './faults.ts'
import { MISBEHAVIOURS, WHERE, type Misbehaviour, type Where } from './misbehaviours.ts'
import { between, pick, randomOf, shuffled } from './random.ts'

/** A fault: `atMs` counts from the start of the storm, `forMs` is its duration. */
export interface Strike {
  atMs: number
  fault: FaultName
  forMs: number
}

/** One citizen: start (ms), amount, choice at the PSP, and faults of the outside world on the way. */
export interface Order {
  atMs: number
  cents: number
  hasSecondary: boolean
  choice: Choice
  /** Outcome in the address of the way back, true or not; null for a citizen who never comes back. */
  esito: 'OK' | 'ERROR' | null
  misbehaviours: Partial<Record<Where, Misbehaviour>>
  /** Seed of an unusual spelling of the receipts; null for the usual one. */
  spelling: number | null
}

/** One file of dues that an operator sends. */
export interface FileOrder {
  atMs: number
  /** Index of the ente that sends the file. */
  ente: number
  rows: number
}

export type Revision = 'without' | 'code_9' | 'same'

/** PSPs publish what they took, and one flow of before again; `draw` in [0, 1) says which. */
export interface ReportOrder {
  atMs: number
  revision: Revision
  draw: number
}

export interface Schedule {
  strikes: Strike[]
  orders: Order[]
  files: FileOrder[]
  reports: ReportOrder[]
}

/** Share of answers lost on every connection. */
export const LOSS = 0.01

const PER_PAYMENT_MS = 400
const SHORTEST_MS = 12_000
const STRIKE_EVERY_MS = 2_500
const FILE_STRIKE_EVERY_MS = 6_000
const FILES_APART = 0x5eed
const SPELLINGS_APART = 0x1e77e2
const REPORTS_APART = 0xf10
const REPORT_EVERY_MS = 2_000
const REVISED: readonly Revision[] = ['without', 'code_9', 'same']
const FILES = 10
export const FILE_ENTI = 4
/** Share of payments that have a fault at one place. */
const MISBEHAVES = 0.3
const IS_UNUSUAL = 0.5
const CHOICES: readonly Choice[] = ['OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'KO', 'EXIT', 'DIFFERITO']

/** The storm of a seed. The same seed gives the same faults at the same times and the same misbehaviours per payment. */
export function scheduleFor(seed: number, payments: number): Schedule {
  const random = randomOf(seed)
  const lengthMs = Math.max(SHORTEST_MS, payments * PER_PAYMENT_MS)
  const strikes = strikesFor(random, { names: FAULT_NAMES, everyMs: STRIKE_EVERY_MS, lengthMs })
  // Spellings, files and reporting flows have generators of their own, so that they do not change what a seed does to payments.
  const spelling = spellingsOf(randomOf(seed + SPELLINGS_APART))
  const orders = ordersFor(random, payments, lengthMs).map((order) => ({ ...order, spelling: spelling() }))
  const ofFiles = randomOf(seed + FILES_APART)
  const fileStrikes = strikesFor(ofFiles, {
    names: FILE_FAULT_NAMES,
    everyMs: FILE_STRIKE_EVERY_MS,
    lengthMs,
  })
  return {
    strikes: [...strikes, ...fileStrikes].sort((one, other) => one.atMs - other.atMs),
    orders,
    files: filesFor(ofFiles, lengthMs),
    reports: reportsFor(randomOf(seed + REPORTS_APART), lengthMs),
  }
}

function reportsFor(random: () => number, lengthMs: number): ReportOrder[] {
  const revision = cycle(random, REVISED)
  return Array.from({ length: Math.round(lengthMs / REPORT_EVERY_MS) }, (_, index) => ({
    atMs: Math.round((index + random()) * REPORT_EVERY_MS),
    revision: revision(),
    draw: random(),
  }))
}

function strikesFor(
  random: () => number,
  { names, everyMs, lengthMs }: { names: readonly FaultName[]; everyMs: number; lengthMs: number },
): Strike[] {
  const count = Math.round(lengthMs / everyMs)
  const deck = cycle(random, names)
  return Array.from({ length: count }, (_, index) => ({
    atMs: Math.round((index + random()) * everyMs),
    fault: deck(),
    forMs: between(random, 300, 2_500),
  }))
}

const filesFor = (random: () => number, lengthMs: number): FileOrder[] =>
  Array.from({ length: FILES }, (_, index) => ({
    atMs: between(random, 0, lengthMs),
    ente: index % FILE_ENTI,
    rows: between(random, 5, 60) * 100,
  })).sort((one, other) => one.atMs - other.atMs)

/** Independent of misbehaviours, so a receipt may be both spoilt and unusual. */
const spellingsOf = (random: () => number) => (): number | null =>
  random() < IS_UNUSUAL ? between(random, 0, 1_000_000) : null

function ordersFor(random: () => number, payments: number, lengthMs: number): Omit<Order, 'spelling'>[] {
  const decks = new Map(WHERE.map((where) => [where, cycle<Misbehaviour>(random, MISBEHAVIOURS[where])]))
  const misbehaviours = (choice: Choice): Order['misbehaviours'] =>
    Object.fromEntries(
      WHERE.filter(() => random() < MISBEHAVES)
        // Only payments whose money moves get a spoilt receipt, because otherwise it would claim money that no PSP took.
        .filter((where) => where !== 'rt' || choice === 'OK' || choice === 'DIFFERITO')
        .map((where) => [where, decks.get(where)!()]),
    )
  const orders = Array.from({ length: payments }, () => {
    const choice = pick(random, CHOICES)
    return {
      atMs: between(random, 0, lengthMs),
      cents: between(random, 100, 99_999),
      hasSecondary: random() < 0.15,
      choice,
      esito: pick<Order['esito']>(random, ['OK', 'OK', 'ERROR', null]),
      misbehaviours: misbehaviours(choice),
    }
  })
  return orders.sort((one, other) => one.atMs - other.atMs)
}

/** Gives every card once in an order of the seed before any comes a second time. */
function cycle<T>(random: () => number, cards: readonly T[]): () => T {
  let deck: T[] = []
  return () => {
    if (deck.length === 0) deck = shuffled(random, cards)
    return deck.pop()!
  }
}
