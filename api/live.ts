import type { Response } from 'express'
import { listen } from '../db/listen.ts'

const HEARTBEAT_MS = 20_000
/** Beyond these the page still works with its link "Aggiorna". */
const MAX_STREAMS = 5_000
const MAX_STREAMS_PER_THING = 20

/** Browsers that wait for news of a payment, a file or an export. */
export interface Live {
  /** Keeps the answer open and says `changed` when the thing with that id does. False: no room. */
  follow(id: string, res: Response): boolean
  close(): Promise<void>
}

/** One LISTEN connection for all of them; nothing is asked of the database per listener. */
export function createLive({ url }: { url: string }): Live {
  const streams = new Map<string, Set<Response>>()
  let count = 0
  const tell = (id: string): void => streams.get(id)?.forEach((res) => say(res, CHANGED))
  const stop = listen({
    url,
    channels: ['payment', 'flow', 'export'],
    onMessage: tell,
    // What was said while the line was down is not known: let every page look.
    onGap: () => streams.forEach((_, id) => tell(id)),
  })
  const beat = setInterval(
    () => streams.forEach((set) => set.forEach((res) => say(res, ': \n\n'))),
    HEARTBEAT_MS,
  )
  beat.unref()

  return {
    follow(id, res) {
      const set = streams.get(id) ?? new Set()
      if (count >= MAX_STREAMS || set.size >= MAX_STREAMS_PER_THING) return false
      streams.set(id, set.add(res))
      count += 1
      res.once('close', () => {
        count -= 1
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
 * Opens the stream of a page that follows a thing, with what it is told first. False: there was no room, and the answer is over.
 */
export function openStream(live: Live, id: string, res: Response, first = ''): boolean {
  res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  if (!live.follow(id, res)) {
    res.status(503).end()
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
