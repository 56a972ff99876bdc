import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres, type Postgres } from '../../../tools/embedded/postgres.ts'
import { startTemporal, type Temporal } from '../../../tools/embedded/temporal.ts'

/** A server that a test can take down in every way and start again on the same port with the same data. */
export interface Server {
  /** Ends the server at once: PostgreSQL by immediate shutdown, Temporal by SIGKILL. */
  crash(): Promise<void>
  stop(): Promise<void>
  freeze(): void
  thaw(): void
  start(): Promise<void>
}

export interface DatabaseServer extends Server {
  url: string
}

export interface TemporalServer extends Server {
  address: string
  /** Deletes its data. */
  lose(): Promise<void>
}

interface Running {
  child: { pid: number; isAlive(): boolean; exited: Promise<unknown> }
  stop(): Promise<void>
}

function serverOf<T extends Running>(first: T, again: () => Promise<T>, deadly: NodeJS.Signals): Server {
  let running = first
  const signal = (to: NodeJS.Signals): void => {
    if (running.child.isAlive()) process.kill(running.child.pid, to)
  }
  return {
    async crash() {
      signal(deadly)
      await running.child.exited
    },
    stop: () => running.stop(),
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async start() {
      if (!running.child.isAlive()) running = await again()
    },
  }
}

export async function databaseServer(
  folder: string,
  port: number,
  settings: Record<string, string> = {},
): Promise<DatabaseServer> {
  const start = (): Promise<Postgres> =>
    startPostgres({
      dataDir: join(folder, 'postgres'),
      port,
      logFile: join(folder, 'postgres.log'),
      settings,
    })
  const first = await start()
  return { ...serverOf(first, start, 'SIGQUIT'), url: first.url }
}

export async function temporalServer(folder: string, port: number): Promise<TemporalServer> {
  const dbFile = join(folder, 'temporal.db')
  const start = (): Promise<Temporal> =>
    startTemporal({ port, dbFile, logFile: join(folder, 'temporal.log') })
  const first = await start()
  const server = serverOf(first, start, 'SIGKILL')
  return {
    ...server,
    address: first.address,
    async lose() {
      await server.crash()
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${dbFile}${suffix}`, { force: true })
    },
  }
}
