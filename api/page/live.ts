import type { Response } from 'express'
import { listen } from '../../db/ground/listen.ts'
import type { Live, StillAllowed } from './news.ts'
import { sessionNameOf } from '../middleware/session.ts'
import { Places } from './places.ts'

const HEARTBEAT_MS = 20_000
/**
 * The most streams for one thing, one session and one network address. An address may belong to a whole office. A page that gets no stream
 * still works with its link "Aggiorna".
 */
const LIMITS = { thing: 20, session: 10, address: 200 }
const MAX_STREAMS = 5_000
const RETRY_SECONDS = 60

interface LiveSetup {
  /** Address of the database. */
  url: string
  heartbeatMs?: number | undefined
  /** Multiplies the limits of a session and of an address, because load runs come from one address. */
  limitFactor?: number | undefined
}

/**
 * Follows changes with one LISTEN connection for all streams. A stream of a citizen costs no query; for a stream of an operator each
 * heartbeat checks that the operator may still see the thing.
 */
export function createLive({ url, heartbeatMs = HEARTBEAT_MS, limitFactor = 1 }: LiveSetup): Live {
  const streams = new Map<string, Set<Response>>()
  const guarded = new Map<Response, StillAllowed>()
  const places = new Places({
    all: MAX_STREAMS,
    each: { ...LIMITS, session: LIMITS.session * limitFactor, address: LIMITS.address * limitFactor },
  })
  const tell = (id: string): void => streams.get(id)?.forEach((res) => say(res, CHANGED))
  const stop = listen({
    url,
    channels: ['payment', 'flow', 'export', 'bulk_act'],
    onMessage: tell,
    // Notifications sent while the connection was down are lost, so every page has to look.
    onGap: () => streams.forEach((_, id) => tell(id)),
  })
  const beat = setInterval(() => {
    streams.forEach((set) => set.forEach((res) => say(res, ': \n\n')))
    void endOthers()
  }, heartbeatMs)
  beat.unref()

  let isAsking = false
  /** Checks the streams one after the other, so that pages that only wait do not slow down the queries of the others. */
  async function endOthers(): Promise<void> {
    if (isAsking) return
    isAsking = true
    // A stream whose check fails ends too: the browser connects again by itself, and that request is checked.
    for (const [res, still] of guarded) if (!(await still().catch(() => false))) res.end()
    isAsking = false
  }

  return {
    follow(id, res, still) {
      const { req } = res
      const giveBack = places.take({ thing: id, session: sessionNameOf(req), address: req.ip })
      if (!giveBack) return false
      const set = streams.get(id) ?? new Set()
      streams.set(id, set.add(res))
      if (still) guarded.set(res, still)
      res.once('close', () => {
        giveBack()
        guarded.delete(res)
        if (set.delete(res) && set.size === 0 && streams.get(id) === set) streams.delete(id)
      })
      return true
    },
    async close() {
      clearInterval(beat)
      streams.forEach((set) => set.forEach((res) => res.end()))
      await stop()
    },
  }
}

/**
 * Answers with a stream of server-sent events about one thing.
 * @param first text that the stream begins with
 * @param still called at each heartbeat; the stream ends when it gives false
 * @returns false when the answer is over already: there was no room (429), or the request was a HEAD
 */
export function openStream(
  live: Live,
  id: string,
  res: Response,
  { first = '', still }: { first?: string; still?: StillAllowed } = {},
): boolean {
  res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  if (res.req.method === 'HEAD') {
    res.end()
    return false
  }
  if (!live.follow(id, res, still)) {
    res.status(429).set('retry-after', String(RETRY_SECONDS)).end()
    return false
  }
  res.write(`retry: 3000\n\n${first}`)
  return true
}

/** The one event of these streams: the page should look again. */
export const CHANGED = 'event: changed\ndata: 1\n\n'

function say(res: Response, text: string): void {
  // Text for a client that does not read would fill our memory. The browser connects again by itself.
  if (res.writableNeedDrain) res.destroy()
  else res.write(text)
}
