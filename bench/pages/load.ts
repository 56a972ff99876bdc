import { closedLoop } from '../closed-loop.ts'
import { ask } from '../http.ts'
import { percentile } from '../statistics.ts'
import { cpuSeconds, ownCpuSeconds } from '../world/usage.ts'
import type { NextVisit } from './visits.ts'
import type { Site } from './world.ts'

export interface Load {
  perSecond: number
  /** Milliseconds from the request to the last byte of the answer. */
  p95: number
  /** CPU milliseconds per page of the pages' process, the database server and the measuring process. */
  cpu: Record<'api' | 'postgres' | 'client', number>
}

export const USERS = 50

/** Loads a page with 50 users, each of whom sends the next request after an answer. @throws at an unexpected answer */
export async function loadPage(site: Site, next: NextVisit, windowMs: number): Promise<Load> {
  const times: number[] = []
  const one = async (): Promise<void> => {
    const { path, status, words, ...given } = next()
    const from = performance.now()
    const answer = await ask(`${site.url}${path}`, given)
    times.push(performance.now() - from)
    const said = `${answer.headers.location ?? ''}${answer.text}`
    if (answer.status !== status || !said.includes(words))
      throw new Error(
        `${site.program.name}: ${path} answered ${answer.status}, not ${status} with "${words}": ${said.slice(0, 300)}`,
      )
  }
  // A first visit alone fills the memory of the control.
  await one()
  const marks: Load['cpu'][] = []
  const { done, seconds } = await closedLoop({
    inFlight: USERS,
    windowMs,
    one,
    mark: () => marks.push(cpuNow(site)),
  })
  const [first, last] = marks
  const each = (part: keyof Load['cpu']): number => (1000 * (last![part] - first![part])) / done
  const cpu = { api: each('api'), postgres: each('postgres'), client: each('client') }
  return { perSecond: done / seconds, p95: percentile(times, 0.95), cpu }
}

const cpuNow = ({ program, postgresPid }: Site): Load['cpu'] => ({
  api: cpuSeconds(program.pid),
  postgres: cpuSeconds(postgresPid),
  client: ownCpuSeconds(),
})
