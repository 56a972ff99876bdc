import { parseArgs } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { temporalTls } from '../../activities/temporal-tls.ts'
import { createDb } from '../../db/connection.ts'
import { checkMoney, isClean, reportLines } from './check.ts'
import { fetchSimState } from './facts.ts'
import { temporalProcesses } from './processes.ts'

const HELP = `npm run check -- --database URL [--simulator URL] [--temporal HOST:PORT] [--namespace NAME]
                 [--grace SECONDS] [--healed-at INSTANT] [--log FILE]...
DATABASE_URL, SIMULATOR_URL and TEMPORAL_ADDRESS stand in for the first three; TEMPORAL_TLS_* count as everywhere.
`

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: process.env['DATABASE_URL'] ?? '' },
    simulator: { type: 'string', default: process.env['SIMULATOR_URL'] ?? '' },
    temporal: { type: 'string', default: process.env['TEMPORAL_ADDRESS'] ?? '' },
    namespace: { type: 'string', default: 'default' },
    grace: { type: 'string', default: '60' },
    'healed-at': { type: 'string' },
    log: { type: 'string', multiple: true, default: [] },
  },
})

/** Violations shown per invariant. */
const SHOWN = 20

process.exitCode = values.database === '' ? usage() : await check()

function usage(): number {
  process.stderr.write(HELP)
  return 2
}

async function check(): Promise<number> {
  const db = createDb({ url: values.database, pool: 1, name: 'mypay-check' })
  const connection =
    values.temporal === ''
      ? undefined
      : Connection.lazy({ address: values.temporal, ...temporalTls(process.env) })
  const client = connection && new Client({ connection, namespace: values.namespace })
  try {
    const findings = await checkMoney({
      db,
      simState: values.simulator === '' ? undefined : await fetchSimState(values.simulator),
      temporal: client && temporalProcesses(client),
      graceSeconds: Number(values.grace),
      logs: values.log,
      healedAt: values['healed-at'],
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
