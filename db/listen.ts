import pg from 'pg'

export interface ListenOptions {
  url: string
  channel: string
  onMessage: (payload: string) => void
  /** The connection is back: what was said meanwhile is lost. */
  onGap: () => void
}

const RETRY_MS = 1_000

/** One LISTEN connection that comes back by itself. Returns the way to end it. */
export function listen({ url, channel, onMessage, onGap }: ListenOptions): () => Promise<void> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let hadOne = false

  const again = (): void => {
    client = undefined
    if (!isClosed) timer = setTimeout(() => void connect(), RETRY_MS)
  }
  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: `listen:${channel}`,
      keepAlive: true,
    })
    client = fresh
    fresh.once('error', () => undefined).once('end', again)
    fresh.on('notification', ({ payload }) => onMessage(payload ?? ''))
    try {
      await fresh.connect()
      await fresh.query(`listen ${pg.escapeIdentifier(channel)}`)
      if (hadOne) onGap()
      hadOne = true
    } catch {
      await fresh.end().catch(() => undefined)
      if (client === fresh) (fresh.removeListener('end', again), again())
    }
  }
  void connect()
  return async () => {
    isClosed = true
    clearTimeout(timer)
    await client?.end().catch(() => undefined)
  }
}
