import { mkdtempSync, rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { createDb } from '../../db/ground/connection.ts'
import { migrate } from '../../db/ground/migrate.ts'
import { freePort } from '../../tools/embedded/ports.ts'
import { postgresUrl, withClient } from '../../tools/embedded/postgres-client.ts'
import { startPostgres } from '../../tools/embedded/postgres.ts'
import { environment } from '../world/environment.ts'
import { createProgram, type Program } from '../world/program.ts'
import { DUES_EACH, fill } from './fill.ts'

/** A running portal and the people in its database. */
export interface Site {
  url: string
  program: Program
  db: Knex
  people: number
  /** Pid of the database server. */
  postgresPid: number
  /** True for the control, which gives the same answer to all visitors. */
  isControl: boolean
}

export interface PagesWorld {
  small: Site
  control: Site
  large: Site
  close(): Promise<void>
}

export interface Sizes {
  smallDues: number
  largeDues: number
}

/** Starts one server with a small and a large database, the product on each of them, and the control on the small one. */
export async function startPagesWorld(sizes: Sizes, say: (text: string) => void): Promise<PagesWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'mypay-bench-'))
  await chmod(folder, 0o755) // PostgreSQL may run as another user
  const postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    port: await freePort(),
    logFile: join(folder, 'postgres.log'),
    // Without it filling would mostly write checkpoints. All three sites use the same server.
    settings: { max_wal_size: '4GB', shared_buffers: '1GB' },
  })
  const small = await openFilled(postgresUrl(postgres.port), sizes.smallDues, say)
  await withClient(postgres.url, (client) => client.query('create database large'))
  const large = await openFilled(postgresUrl(postgres.port, 'large'), sizes.largeDues, say)
  const given = { folder, postgresPid: postgres.child.pid }
  const sites = {
    small: await startSite({ ...given, name: 'product', entry: 'workers/api.js', store: small }),
    control: await startSite({ ...given, name: 'control', entry: 'bench/pages/control.js', store: small }),
    large: await startSite({ ...given, name: 'product-large', entry: 'workers/api.js', store: large }),
  }
  return {
    ...sites,
    async close() {
      await Promise.all(Object.values(sites).map(({ program }) => program.stop()))
      await Promise.all([small.db.destroy(), large.db.destroy()])
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Store {
  url: string
  db: Knex
  people: number
}

async function openFilled(url: string, dues: number, say: (text: string) => void): Promise<Store> {
  const db = createDb({ url, pool: 4, name: 'bench' })
  await migrate(db)
  const people = Math.round(dues / DUES_EACH)
  const startedAt = performance.now()
  await fill(db, url, people)
  const seconds = (performance.now() - startedAt) / 1000
  say(`  ${people * DUES_EACH} dues of ${people} people in ${seconds.toFixed(0)} s`)
  return { url, db, people }
}

interface SiteOptions {
  name: string
  entry: string
  folder: string
  store: Store
  postgresPid: number
}

async function startSite({ name, entry, folder, store, postgresPid }: SiteOptions): Promise<Site> {
  const [publicPort, nodePort, adminPort, nowhere] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const env = environment({
    folder,
    database: store.url,
    // No measured page uses these.
    temporal: `127.0.0.1:${nowhere}`,
    simulatorPort: nowhere,
    smtpPort: nowhere,
    publicPort,
    nodePort,
  })
  const program = createProgram({
    name,
    entry,
    env: { ...env, ADMIN_PORT: String(adminPort) },
    logFile: join(folder, `${name}.log`),
    readyUrl: `http://127.0.0.1:${adminPort}/readyz`,
  })
  await program.start()
  const { db, people } = store
  return {
    url: `http://127.0.0.1:${publicPort}`,
    program,
    db,
    people,
    postgresPid,
    isControl: name === 'control',
  }
}
