import { usageOf } from '../../../tools/check/resources.ts'
import type { Circumstances } from './checker.ts'
import { tempFolderIn } from './environment.ts'
import { aBegunPayment, cartBecomes } from './payments.ts'
import type { World } from './world.ts'

/** The pools of worker (12), pages (12) and node port (8), the LISTEN connection of the pages, and the world's own pool (8). */
const MOST_CONNECTIONS = 12 + 12 + 8 + 1 + 8

/** Usage of worker and api after a load like that of the test, so that caches and pools are already full. Linux only. */
export async function heldAfter(world: World, payments: number): Promise<Circumstances> {
  const begun = await Promise.all(Array.from({ length: payments }, () => aBegunPayment(world)))
  await Promise.all(begun.map(({ idSession }) => world.simulator.pay(idSession, 'OK')))
  for (const payment of begun) await cartBecomes(world, payment, 'paid')
  const processes = (['worker', 'api'] as const).flatMap((name) => {
    const { pid } = world[name]
    const before = usageOf(pid)
    return before ? [{ name, pid, before }] : []
  })
  return {
    resources: { processes, tempFolders: [tempFolderIn(world.folder)] },
    maxConnections: MOST_CONNECTIONS,
  }
}
