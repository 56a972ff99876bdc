import type { Knex } from 'knex'
import { ANOMALIES } from './anomalies.ts'
import { ATTEMPTS } from './attempts.ts'
import { BULK } from './bulk.ts'
import { loadFacts, type SimState } from './facts.ts'
import { FIGURES } from './figures.ts'
import { FILES } from './files.ts'
import { HISTORY } from './history.ts'
import type { Finding, Invariant } from './invariant.ts'
import { MESSAGES } from './messages.ts'
import { MONEY } from './money.ts'
import { OPERATIONS } from './operations.ts'
import { PAGES } from './pages.ts'
import { findPersons } from './privacy.ts'
import { comparePayments, type ProcessList } from './processes.ts'
import { REPORTING } from './reporting.ts'
import { heldTooMuch, type Resources } from './resources.ts'

export interface CheckInput {
  db: Knex
  /** State of the simulator. Without it (in production) only statements that need our own tables run. */
  simState?: SimState | undefined
  temporal?: ProcessList | undefined
  /** Facts younger than this are not reported, because their effects may still be on their way. */
  graceSeconds?: number
  /** Log files in which no person may appear. */
  logs?: readonly string[]
  /** Instant (ISO) when the last fault ended. Calls may fail until `budgetSeconds` after it. */
  healedAt?: string | undefined
  budgetSeconds?: number
  maxConnections?: number
  /** Seconds that a transaction may stay open without being used. */
  idleSeconds?: number
  /** Memory, descriptors and folders that our processes on this machine had before the fault. */
  resources?: Resources | undefined
}

const INVARIANTS = [
  ...MONEY,
  ...ANOMALIES,
  ...ATTEMPTS,
  ...MESSAGES,
  ...HISTORY,
  ...FILES,
  ...OPERATIONS,
  ...PAGES,
  ...FIGURES,
  ...BULK,
  ...REPORTING,
]
/** Rows kept per statement; more would add nothing to a report. */
const SHOWN = 1000

/**
 * Returns every invariant with its violations. No violation means that no money is lost, doubled or stuck. Changes nothing
 * in the database. Source: docs/field/money-rules.md.
 */
export async function checkMoney(input: CheckInput): Promise<Finding[]> {
  const { db, temporal, logs = [] } = input
  const running = await temporal?.runningPayments()
  const findings = await db.transaction((trx) => checkTables(trx, input, running))
  // Outside the transaction, because it reads histories over the network, one by one.
  const persons = await findPersons(db, { logs, processes: temporal })
  if (input.resources) violationsOf(findings, 'I17').push(...heldTooMuch(input.resources))
  return [...findings, { id: 'I16', name: 'privacy', violations: persons }].sort(byNumber)
}

async function checkTables(
  trx: Knex,
  input: CheckInput,
  running: readonly string[] | undefined,
): Promise<Finding[]> {
  // A nightly check of millions of rows takes longer than the time limit of pages.
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
