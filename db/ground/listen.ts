import pg from 'pg'

export interface ListenOptions {
  url: string
  channels: readonly string[]
  onMessage: (payload: string) => void
  /** The connection is back: what was said meanwhile is lost. */
  onGap: () => void
}

const RETRY_MS = 1_000

/** One LISTEN connection that comes back by itself. Returns the way to end it. */
export function listen({ url, channels, onMessage, onGap }: ListenOptions): () => Promise<void> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let hadOne = false

  const connect = (): void => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'mypay-listen',
      keepAlive: true,
    })
    client = fresh
    // Error and end come together or alone: the first one counts.
    const lost = (): void => {
      if (client !== fresh) return
      client = undefined
      if (!isClosed) timer = setTimeout(connect, RETRY_MS)
    }
    fresh.on('error', lost).on('end', lost)
    fresh.on('notification', ({ payload }) => onMessage(payload ?? ''))
    start(fresh).catch(() => {
      lost()
      return fresh.end().catch(() => undefined)
    })
  }
  const start = async (fresh: pg.Client): Promise<void> => {
    await fresh.connect()
    for (const channel of channels) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
    if (hadOne) onGap()
    hadOne = true
  }

  connect()
  return async () => {
    isClosed = true
    clearTimeout(timer)
    await client?.end().catch(() => undefined)
  }
}
