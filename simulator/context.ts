import type { Behaviours } from './behaviour/behaviours.ts'
import type { Registry } from './node/registry.ts'
import type { World } from './world/world.ts'

/** What every part of the simulator shares. */
export type Context = {
  world: World
  behaviours: Behaviours
  registry: Registry
  /** Base address of the simulator's own pages. */
  url: string
  /** The station's redirect URL, to which the payer returns. */
  returnUrl: string
  /** The product's paaInviaRT endpoint. */
  stationUrl: string
  /** The two keys of the reporting API; without them any key opens it. */
  reportingKeys: [string, string] | undefined
  /** Aborts when the simulator closes, so that every wait ends. */
  closing: AbortSignal
  /** The clock of this world, which can be moved forward. */
  now: () => Date
}

export function nowIso(context: Context): string {
  return context.now().toISOString()
}
