import pg from 'pg'

export interface ListenOptions {
  url: string
  channels: readonly string[]
  onMessage: (payload: string) => void
  /** Called when the connection is open again after a break: notifications sent during the break are lost. */
  onGap: () => void
}

const RETRY_MS = 1_000

/**
 * Listens to these channels on one connection of its own, and reconnects a second after it breaks. `onMessage` gets the payload, or
 * an empty string. Returns the function that ends the connection.
 */
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
    // pg emits `error`, `end` or both for one broken connection: only the first of them starts a timer.
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
