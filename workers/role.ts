import type { Knex } from 'knex'
import type { Logger } from 'pino'
import { isSuperuser } from '../db/ground/role.ts'
import { pause } from './clients.ts'
import type { Config } from './config.ts'

const RETRY_MS = 1_000
const REFUSAL =
  'DATABASE_URL: connects as a superuser, who may do everything; connect as a role of its own (see DATABASE_ROLE in ' +
  'docs/security.md, or name database_superuser in ACCEPT_INSECURE)'

/**
 * Ends the process when production connects as a superuser. While the database is away the start goes on, because there is
 * nothing to protect yet; the check is then repeated every second until the database answers.
 */
export async function refuseSuperuser(db: Knex, config: Config, log: Logger): Promise<void> {
  if (!config.isProduction || config.ACCEPT_INSECURE.includes('database_superuser')) return
  const asked = isSuperuser(db)
  const answer = await asked.catch(() => undefined)
  if (answer === undefined) void askLater(db, log)
  else if (answer) refuse(log)
}

async function askLater(db: Knex, log: Logger): Promise<void> {
  for (;;) {
    await pause(RETRY_MS)
    const answer = await isSuperuser(db).catch(() => undefined)
    if (answer) refuse(log)
    if (answer !== undefined) return
  }
}

function refuse(log: Logger): never {
  log.error(REFUSAL)
  process.exit(1)
}
