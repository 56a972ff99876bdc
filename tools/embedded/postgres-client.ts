import pg from 'pg'

const DATABASE = 'mypay'
/** Password of the development and test server, which listens on this machine only. */
const PASSWORD = 'mypay'

export function postgresUrl(port: number, database = DATABASE): string {
  return `postgres://${DATABASE}:${PASSWORD}@127.0.0.1:${port}/${database}`
}

export async function canConnect(port: number): Promise<void> {
  await withClient(postgresUrl(port, 'postgres'), (client) => client.query('select 1'))
}

export async function ensureDatabase(port: number): Promise<void> {
  await withClient(postgresUrl(port, 'postgres'), async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`)
  })
  await withClient(postgresUrl(port), (client) =>
    client.query('create extension if not exists pg_stat_statements'),
  )
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined) // without a listener the process would end; the running query rejects anyway
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export const SUPERUSER = { name: DATABASE, password: PASSWORD }
