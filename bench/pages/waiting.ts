import { Agent, request, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import { ask } from '../http.ts'
import type { Part } from '../part.ts'
import { percentile } from '../statistics.ts'
import { nextAddress } from '../world/sessions.ts'
import { residentMb } from '../world/usage.ts'
import type { Site } from './world.ts'

const PAGES = 1_000
const LIMITS = { memory: 250, push: 1_000, reconnect: 10 } as const
const SETTLE_MS = 5_000
const PAUSE_MS = 2
/** Browsers that read their page at the same time. */
const LANES = 50

interface Stream {
  cartId: string
  /** When the event "changed" came, in ms of performance.now(). */
  changedAt?: number
  response: IncomingMessage
}

/** Measures a thousand waiting pages of one process: memory, delay of news, time to reconnect after a restart. */
export async function measureWaiting(site: Site, say: (text: string) => void): Promise<Part> {
  await site.program.stop()
  await site.program.start()
  const empty = residentMb(site.program.pid)
  const carts = await insertWaiting(site.db)
  // All streams are open at once, so each needs a connection of its own.
  const agent = new Agent({ maxSockets: Infinity })
  const streams = await openAll(site, carts, agent)
  await sleep(SETTLE_MS)
  const memory = residentMb(site.program.pid)
  say(`  ${streams.length} waiting pages open, ${memory.toFixed(0)} MB`)
  const waits = await tellAll(site.db, streams)
  const full = residentMb(site.program.pid)
  const reconnect = await comeBack(site, carts, streams)
  say(`  all back in ${reconnect.toFixed(1)} s`)
  agent.destroy()
  const push = percentile(waits, 0.99)
  return {
    rows: [
      [
        'api process, resident MB: started, 1,000 waiting, all told',
        [empty, memory, full].map((mb) => mb.toFixed(0)).join(' / '),
        '',
        '',
        '',
      ],
      ['state changed → page told, p99, ms', push.toFixed(0), '', '', ''],
      ['process killed and back → 1,000 pages listen again, s', reconnect.toFixed(1), '', '', ''],
    ],
    targets: [
      { name: 'waiting_memory_mb', value: Math.max(memory, full), limit: LIMITS.memory, is: 'most' },
      { name: 'waiting_push_p99_ms', value: push, limit: LIMITS.push, is: 'most' },
      { name: 'waiting_reconnect_seconds', value: reconnect, limit: LIMITS.reconnect, is: 'most' },
    ],
  }
}

/** Inserts carts that were sent and wait for a receipt. Triggers are on here, because they notify the pages. */
async function insertWaiting(db: Knex): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `with made as (select gen_random_uuid() as id from generate_series(1, ?))
     insert into cart (id, versante, carrello_id, state, send_state, begun_at, expires_at)
     select id, '{"tipo":"F","codice":"X","anagrafica":"X"}', replace(id::text, '-', ''), 'requested', 'accepted', now(), now()
     from made returning id`,
    [PAGES],
  )
  return rows.map(({ id }) => id)
}

/** Each browser reads its page and opens the stream of news whose address is on the page. */
async function openAll(site: Site, carts: readonly string[], agent: Agent): Promise<Stream[]> {
  const left = [...carts]
  const streams: Stream[] = []
  const lane = async (): Promise<void> => {
    for (let cartId = left.pop(); cartId; cartId = left.pop()) {
      const headers = { 'x-forwarded-for': nextAddress() }
      const { text } = await ask(`${site.url}/pagamenti/${cartId}`, { headers })
      const path = /data-live="([^"]+)"/.exec(text)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
      if (path === undefined)
        throw new Error(`the page of a waiting payment names no stream: ${text.slice(0, 300)}`)
      streams.push(await openStream(`${site.url}${path}`, cartId, agent))
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return streams
}

function openStream(url: string, cartId: string, agent: Agent): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: { 'x-forwarded-for': nextAddress() } }, (response) => {
      if (response.statusCode !== 200)
        return reject(new Error(`a stream was answered ${response.statusCode}`))
      const stream: Stream = { cartId, response }
      response.on('data', (chunk: Buffer) => {
        if (chunk.includes('event: changed')) stream.changedAt ??= performance.now()
      })
      response.on('error', () => undefined)
      // After the first bytes the stream gets every change.
      response.once('data', () => resolve(stream))
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Changes every payment, one after the other; returns the delay of each news in ms, Infinity for one that never came. */
async function tellAll(db: Knex, streams: readonly Stream[]): Promise<number[]> {
  const changed = new Map<string, number>()
  for (const { cartId } of streams) {
    changed.set(cartId, performance.now())
    await db('cart').where({ id: cartId }).update({ returned_at: db.fn.now() })
    await sleep(PAUSE_MS)
  }
  await sleep(LIMITS.push * 2)
  return streams.map(({ cartId, changedAt }) => (changedAt ?? Infinity) - changed.get(cartId)!)
}

/** Kills the process; all browsers reconnect as soon as it is back. Returns seconds until the last stream is open. */
async function comeBack(site: Site, carts: readonly string[], streams: readonly Stream[]): Promise<number> {
  await site.program.kill()
  for (const { response } of streams) response.destroy()
  await site.program.start()
  const agent = new Agent({ maxSockets: Infinity })
  const from = performance.now()
  const back = await Promise.all(
    carts.map((cartId) => openStream(`${site.url}/pagamenti/${cartId}/eventi`, cartId, agent)),
  )
  const seconds = (performance.now() - from) / 1000
  for (const { response } of back) response.destroy()
  agent.destroy()
  return seconds
}
