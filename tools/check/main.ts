import { Client, Connection } from '@temporalio/client'
import type { Knex } from 'knex'
import { temporalTls } from '../../activities/temporal-tls.ts'
import { createDb, type DbLog } from '../../db/ground/connection.ts'
import { codeOf } from '../../domain/errors.ts'
import { checkMoney, isClean, reportLines } from './check.ts'
import { fetchSimState, type SimState } from './facts.ts'
import { CannotCheck, readOptions, type Options } from './options.ts'
import { temporalProcesses } from './processes.ts'

const HELP = `npm run check -- --database URL [--simulator URL] [--temporal HOST:PORT] [--namespace NAME]
                 [--grace SECONDS] [--healed-at INSTANT] [--log FILE]...
DATABASE_URL, SIMULATOR_URL and TEMPORAL_ADDRESS stand in for the first three; TEMPORAL_TLS_* count as everywhere.
`

/** Violations shown per invariant. */
const SHOWN = 20
/** Exit code when the check did not run, so that it is neither clean (0) nor broken (1). */
const NOT_CHECKED = 2

/** The database logs nothing here: errors become one sentence on standard error, standard output has only findings. */
const SILENT: DbLog = { debug: () => undefined, warn: () => undefined, error: () => undefined }

process.exitCode = await main().catch(notChecked)

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options) return check(options)
  process.stderr.write(HELP)
  return NOT_CHECKED
}

function notChecked(error: unknown): number {
  process.stderr.write(
    `${error instanceof CannotCheck ? `Not checked.\n${error.message}` : stackOf(error)}\n`,
  )
  return NOT_CHECKED
}

const stackOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

async function check(options: Options): Promise<number> {
  const { grace, log, namespace } = options
  const db = createDb({ url: options.database, pool: 1, name: 'mypay-check', log: SILENT })
  const connection =
    options.temporal === ''
      ? undefined
      : Connection.lazy({ address: options.temporal, ...temporalTls(process.env) })
  const client = connection && new Client({ connection, namespace })
  try {
    await reachDatabase(db)
    if (connection) await reachTemporal(connection, namespace)
    const findings = await checkMoney({
      db,
      simState: await simStateOf(options),
      temporal: client && temporalProcesses(client),
      graceSeconds: grace,
      logs: log,
      healedAt: options['healed-at'],
    })
    for (const { id, violations } of findings)
      for (const violation of violations.slice(0, SHOWN)) process.stdout.write(`${id}: ${violation}\n`)
    process.stdout.write(`${reportLines(findings).join('\n')}\n`)
    return isClean(findings) ? 0 : 1
  } finally {
    await connection?.close()
    await db.destroy()
  }
}

async function reachDatabase(db: Knex): Promise<void> {
  await orSay('--database: the server does not let us in', () => db.raw('select 1'))
  await orSay('--database: there are no tables of ours, or their migrations are missing', () =>
    db.raw('select from due, journal, flow limit 0'),
  )
}

async function reachTemporal(connection: Connection, namespace: string): Promise<void> {
  await orSay('--temporal: the server does not answer', () => connection.ensureConnected())
  await orSay(`--namespace: ${namespace} is not there`, () =>
    connection.workflowService.describeNamespace({ namespace }),
  )
}

function simStateOf({ simulator }: Options): Promise<SimState> | undefined {
  if (simulator === '') return undefined
  return orSay('--simulator: its state cannot be read', () => fetchSimState(simulator))
}

/** Runs `act`. @throws CannotCheck with our sentence and, in brackets, the reason that the library gave */
async function orSay<T>(sentence: string, act: () => PromiseLike<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    throw new CannotCheck(`${sentence} (${reasonOf(error)})`, { cause: error })
  }
}

/** The reason of a refused connection is in `cause`, or in `errors` with one entry per address of the host. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (!(error instanceof Error)) return 'no reason given'
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return (error.message || codeOf(error) || 'no reason given').split('\n')[0]!
}
