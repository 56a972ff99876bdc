import { closedLoop } from '../closed-loop.ts'
import { ask } from '../http.ts'
import { percentile } from '../statistics.ts'
import { cpuSeconds, ownCpuSeconds } from '../world/usage.ts'
import type { NextVisit } from './visits.ts'
import type { Site } from './world.ts'

export interface Load {
  perSecond: number
  /** Milliseconds from request to the last byte. */
  p95: number
  /** CPU milliseconds per page: of the process, of the database server, of measuring. */
  cpu: Record<'api' | 'postgres' | 'client', number>
}

export const USERS = 50

/** Fifty users, each asking again as soon as answered; every answer is looked at. */
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
  // One visitor alone first: from him the control learns its answers.
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
