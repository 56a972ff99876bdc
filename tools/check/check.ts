import type { Knex } from 'knex'
import { ATTEMPTS } from './attempts.ts'
import { loadFacts, type SimState } from './facts.ts'
import { FILES } from './files.ts'
import { HISTORY } from './history.ts'
import type { Finding, Invariant } from './invariant.ts'
import { MESSAGES } from './messages.ts'
import { MONEY } from './money.ts'
import { OPERATIONS } from './operations.ts'
import { PAGES } from './pages.ts'
import { findPersons } from './privacy.ts'
import { comparePayments, type ProcessList } from './processes.ts'
import { heldTooMuch, type Resources } from './resources.ts'

export interface CheckInput {
  db: Knex
  /** Without it (production) only what the tables themselves must satisfy is checked. */
  simState?: SimState | undefined
  temporal?: ProcessList | undefined
  /** What is younger may still be on its way. */
  graceSeconds?: number
  /** Log files in which no person may appear. */
  logs?: readonly string[]
  /** When the last fault was lifted, ISO; from then on calls may fail for `budgetSeconds`. */
  healedAt?: string | undefined
  budgetSeconds?: number
  maxConnections?: number
  /** How long a transaction may be open without being used. */
  idleSeconds?: number
  /** What our processes held before the fault, on this machine. */
  resources?: Resources | undefined
}

const INVARIANTS = [...MONEY, ...ATTEMPTS, ...MESSAGES, ...HISTORY, ...FILES, ...OPERATIONS, ...PAGES]
/** A query that finds a thousand rows has said enough. */
const SHOWN = 1000

/** Every invariant with what breaks it; nothing broken means no money lost, doubled or stuck. Changes nothing. */
export async function checkMoney(input: CheckInput): Promise<Finding[]> {
  const { db, temporal, logs = [] } = input
  const running = await temporal?.runningPayments()
  const findings = await db.transaction((trx) => checkTables(trx, input, running))
  // Apart from the transaction: histories are read over the network, one by one.
  const persons = await findPersons(db, { logs, processes: temporal })
  if (input.resources) violationsOf(findings, 'I17').push(...heldTooMuch(input.resources))
  return [...findings, { id: 'I16', name: 'privacy', violations: persons }].sort(byNumber)
}

async function checkTables(
  trx: Knex,
  input: CheckInput,
  running: readonly string[] | undefined,
): Promise<Finding[]> {
  // A nightly check over millions of rows takes longer than any page may.
  await trx.raw(`set local statement_timeout = '10min'`)
  await loadFacts(trx, input.simState)
  const findings: Finding[] = []
  for (const invariant of INVARIANTS) findings.push(await findingOf(trx, invariant, input))
  if (running)
    violationsOf(findings, 'I7').push(...(await comparePayments(trx, running, input.graceSeconds ?? 0)))
  return findings
}

const violationsOf = (findings: Finding[], wanted: string): string[] =>
  findings.find(({ id }) => id === wanted)!.violations

async function findingOf(
  trx: Knex,
  { id, name, statements }: Invariant,
  input: CheckInput,
): Promise<Finding> {
  const violations: string[] = []
  for (const { sql, outside } of statements) {
    if (outside && !input.simState) continue
    const { rows } = await trx.raw<{ rows: { what: string }[] }>(
      `select what from (${sql}) found limit ${SHOWN}`,
      {
        grace: input.graceSeconds ?? 0,
        connections: input.maxConnections ?? 200,
        healed_at: input.healedAt ?? 'infinity',
        idle: input.idleSeconds ?? 5,
        budget: input.budgetSeconds ?? 10,
      },
    )
    violations.push(...rows.map((row) => row.what))
  }
  return { id, name, violations }
}

const number = ({ id }: Finding): number => Number(id.slice(1))
const byNumber = (one: Finding, other: Finding): number => number(one) - number(other)

/** `target NAME VALUE LIMIT ok|short`, one line per invariant. */
export const reportLines = (findings: readonly Finding[]): string[] =>
  findings.map(
    ({ id, name, violations }) =>
      `target ${id}-${name} ${violations.length} 0 ${violations.length === 0 ? 'ok' : 'short'}`,
  )

export const isClean = (findings: readonly Finding[]): boolean =>
  findings.every(({ violations }) => violations.length === 0)
