import type { Response } from 'express'
import { listen } from '../../db/ground/listen.ts'
import type { Live, StillAllowed } from './news.ts'
import { sessionNameOf } from '../middleware/session.ts'
import { Places } from './places.ts'

const HEARTBEAT_MS = 20_000
/** Beyond these the page still works with its link "Aggiorna". An address may be that of a whole office. */
const LIMITS = { thing: 20, session: 10, address: 200 }
const MAX_STREAMS = 5_000
const RETRY_SECONDS = 60

interface LiveSetup {
  url: string
  heartbeatMs?: number | undefined
  /** Multiplies what one session and one address may open: load runs come from one address. */
  limitFactor?: number | undefined
}

/** One LISTEN connection for all of them; nothing is asked of the database per listener, but whether an operator may still listen. */
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
    channels: ['payment', 'flow', 'export'],
    onMessage: tell,
    // What was said while the line was down is not known: let every page look.
    onGap: () => streams.forEach((_, id) => tell(id)),
  })
  const beat = setInterval(() => {
    streams.forEach((set) => set.forEach((res) => say(res, ': \n\n')))
    void endOthers()
  }, heartbeatMs)
  beat.unref()

  let isAsking = false
  /** One after the other: pages that only wait leave the database to those that work. */
  async function endOthers(): Promise<void> {
    if (isAsking) return
    isAsking = true
    // Who cannot be asked about is let go: a browser comes back by itself, and is then asked who it is.
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
 * Opens the stream of a page that follows a thing, with what it is told first. False: there was no room, or only the headers were
 * asked for, and the answer is over.
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

export const CHANGED = 'event: changed\ndata: 1\n\n'

function say(res: Response, text: string): void {
  // A reader that does not read would grow our memory: it comes back by itself.
  if (res.writableNeedDrain) res.destroy()
  else res.write(text)
}
