import type { Flow } from './flow.ts'
import type { Misbehaving } from './misbehave.ts'
import { publish } from './publish.ts'

/** The list as it is after flows came or went so that it has another number of pages. */
export function shifted({ rule, act, asked, context }: Misbehaving): ReturnType<Misbehaving['act']> {
  const { flows } = context.world
  const domain = String(asked['organizationId'])
  const own = flows.list().filter((flow) => flow.domain === domain)
  const size = Math.min(Number(asked['size'] ?? 1_000), context.behaviours.settings.reportingPage)
  if (rule.how === 'removed') return act(withoutOldest(own, size))
  const added = Math.ceil(own.length / size) * size - own.length + 1
  publish(context, { flows: Array.from({ length: added }, () => ({ domain, recipe: { count: 1 } })) })
  return act()
}

/** Only this answer lacks them: they were never published to the one who asked a server that lags behind. */
function withoutOldest(own: readonly Flow[], size: number): readonly Flow[] {
  const fewer = (Math.ceil(own.length / size) - 1) * size
  return own.slice(own.length - Math.max(0, fewer))
}
