import { checkMoney, isClean, type CheckInput } from '../../../tools/check/check.ts'
import { fetchSimState } from '../../../tools/check/facts.ts'
import type { Finding } from '../../../tools/check/invariant.ts'
import { temporalProcesses } from '../../../tools/check/processes.ts'
import type { World } from './world.ts'

const PAUSE_MS = 250

export type Healing = Pick<CheckInput, 'healedAt' | 'budgetSeconds'>

/** The checker over everything that ever happened in this world; asks again while things are on their way. */
export async function findingsOf(world: World, healing: Healing = {}, withinMs = 30_000): Promise<Finding[]> {
  const until = Date.now() + withinMs
  for (;;) {
    const found = await check(world, healing).catch((error: unknown) => failed(error))
    const isOver = Date.now() > until
    if (isOver || (isClean(found) && (await isSettled(world)))) return found
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS)
    })
  }
}

const check = async (world: World, healing: Healing): Promise<Finding[]> =>
  checkMoney({
    db: world.db,
    simState: await fetchSimState(world.simulator.url),
    temporal: temporalProcesses(world.processes.client),
    logs: world.logs,
    ...healing,
  })

/** No attempt open, no receipt and no mail on its way: nothing can change any more. */
export async function isSettled(world: World): Promise<boolean> {
  const { rows } = await world.db.raw<{ rows: { left: number }[] }>(
    `select (select count(*) from rpt where state in ('created', 'sent'))
       + (select count(*) from rt where handled_at is null and cart_id is not null)
       + (select count(*) from email where state = 'pending') as left`,
  )
  const waiting = world.simulator.state(0, Number.MAX_SAFE_INTEGER).rts.some((rt) => rt.status === 'waiting')
  return Number(rows[0]!.left) === 0 && !waiting
}

const failed = (error: unknown): Finding[] => [
  { id: 'I0', name: 'checked', violations: [error instanceof Error ? error.message : String(error)] },
]
