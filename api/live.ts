import type { Response } from 'express'
import { listen } from '../db/listen.ts'

const HEARTBEAT_MS = 20_000
/** Beyond these the page still works with its link "Aggiorna". */
const MAX_STREAMS = 5_000
const MAX_STREAMS_PER_CART = 20

/** Browsers that wait for news of a payment. */
export interface Live {
  /** Keeps the answer open and says `changed` when the payment does. False: no room. */
  follow(cartId: string, res: Response): boolean
  close(): Promise<void>
}

/** One LISTEN connection for all of them; nothing is asked of the database per listener. */
export function createLive({ url }: { url: string }): Live {
  const streams = new Map<string, Set<Response>>()
  let count = 0
  const tell = (cartId: string): void => streams.get(cartId)?.forEach((res) => say(res, CHANGED))
  const stop = listen({
    url,
    channel: 'payment',
    onMessage: tell,
    // What was said while the line was down is not known: let every page look.
    onGap: () => streams.forEach((_, cartId) => tell(cartId)),
  })
  const beat = setInterval(
    () => streams.forEach((set) => set.forEach((res) => say(res, ': \n\n'))),
    HEARTBEAT_MS,
  )
  beat.unref()

  return {
    follow(cartId, res) {
      const set = streams.get(cartId) ?? new Set()
      if (count >= MAX_STREAMS || set.size >= MAX_STREAMS_PER_CART) return false
      streams.set(cartId, set.add(res))
      count += 1
      res.once('close', () => {
        count -= 1
        if (set.delete(res) && set.size === 0 && streams.get(cartId) === set) streams.delete(cartId)
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

export const CHANGED = 'event: changed\ndata: 1\n\n'

function say(res: Response, text: string): void {
  // A reader that does not read would grow our memory: it comes back by itself.
  if (res.writableNeedDrain) res.destroy()
  else res.write(text)
}
