import type { Flow } from './flow.ts'
import type { Misbehaving } from './misbehaving.ts'
import { publish } from './publish.ts'

/** The list as it is after flows came or went so that it has another number of pages. */
export function shifted({ rule, act, asked, context }: Misbehaving): ReturnType<Misbehaving['act']> {
  const honest = act()
  const { body } = honest
  if (typeof body !== 'object' || !('count' in body)) return honest
  const count = Number(body.count)
  const size = Math.min(Number(asked['size'] ?? 1_000), context.behaviours.settings.reportingPage)
  const pages = Math.ceil(count / size)
  const domain = String(asked['organizationId'])
  if (rule.how === 'removed') return act(newest(context.world.flows.list(), domain, (pages - 1) * size))
  const added = Array.from({ length: pages * size - count + 1 }, () => ({ domain, recipe: { count: 1 } }))
  publish(context, { flows: added })
  return act()
}

/** Only this answer lacks the others, as that of a server that lags behind. */
function newest(flows: readonly Flow[], domain: string, most: number): Flow[] {
  const own = flows.filter((flow) => flow.domain === domain)
  return own.slice(own.length - Math.max(0, most))
}
