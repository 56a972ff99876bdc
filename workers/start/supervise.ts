import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit } from '../../tools/embedded/child.ts'
import type { Folder } from './folder.ts'
import type { Part, Running } from './part.ts'

const BACK_OFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000]
/** After a part lived this long, its next restart begins with the shortest pause again. */
const WELL_MS = 60_000

export interface Supervised {
  name: string
  /** Ends the part without restarting it. */
  stop(): Promise<void>
}

type Say = (text: string) => void

export interface Supervision {
  part: Part
  folder: Folder
  say: Say
  /** Aborts a start or a pause that is under way. */
  giveUp: AbortSignal
}

/** Starts a part and starts it again whenever it ends. @throws when the first start fails */
export async function supervise({ part, folder, say, giveUp }: Supervision): Promise<Supervised> {
  let isWanted = true
  const abort = new AbortController()
  const ended = AbortSignal.any([abort.signal, giveUp])
  const start = () => part.start((pid) => folder.writePid(part.name, pid), ended)
  let running = await timed(part.name, start, say)
  const watching = watch()
  return {
    name: part.name,
    async stop() {
      isWanted = false
      abort.abort()
      await running.stop()
      await watching
      folder.removePid(part.name)
    },
  }

  async function watch(): Promise<void> {
    for (let failures = 0; ;) {
      const startedAt = Date.now()
      const exit = await running.exited
      if (!isWanted) return
      if (Date.now() - startedAt > WELL_MS) failures = 0
      const restarted = await restart(failures, endOf(exit))
      if (!restarted) return
      failures = restarted.failures
    }
  }

  async function restart(failures: number, why: string): Promise<{ failures: number } | undefined> {
    for (let attempt = failures, reason = why; ; attempt++) {
      const pauseMs = BACK_OFF_MS[Math.min(attempt, BACK_OFF_MS.length - 1)]!
      say(`${part.name} ended (${reason}); starting again in ${pauseMs / 1000} s`)
      await sleep(pauseMs, undefined, { signal: ended }).catch(() => undefined)
      if (!isWanted) return undefined
      try {
        running = await start()
        if (!isWanted) await running.stop()
        else say(`${part.name} is back`)
        return { failures: attempt + 1 }
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error)
      }
    }
  }
}

async function timed(name: string, start: () => Promise<Running>, say: Say): Promise<Running> {
  const startedAt = Date.now()
  const running = await start()
  say(`${name} ready in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
  return running
}

const endOf = ({ code, signal }: Exit): string => signal ?? `exit code ${code}`
