import { listed } from '../../../db/ground/listed.ts'
import { MOVING_FLOW_STATES, OPEN_ATTEMPT_STATES, OPEN_EXPORT_STATES } from '../../../domain/states.ts'
import { checkMoney, isClean, type CheckInput } from '../../../tools/check/check.ts'
import { fetchSimState } from '../../../tools/check/facts.ts'
import type { Finding } from '../../../tools/check/invariant.ts'
import { temporalProcesses } from '../../../tools/check/processes.ts'
import type { World } from './world.ts'

const PAUSE_MS = 250

/** Facts about a fault that the checker needs. */
export type Circumstances = Pick<CheckInput, 'healedAt' | 'budgetSeconds' | 'resources' | 'maxConnections'>

/** Runs the checker over the whole world; repeats it up to `withinMs` while there are violations or open payments. */
export async function findingsOf(
  world: World,
  given: Circumstances = {},
  withinMs = 30_000,
): Promise<Finding[]> {
  const until = Date.now() + withinMs
  for (;;) {
    const found = await check(world, given).catch((error: unknown) => failed(error))
    const isOver = Date.now() > until
    if (isOver || (isClean(found) && (await isSettled(world)))) return found
    await new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS)
    })
  }
}

const check = async (world: World, given: Circumstances): Promise<Finding[]> =>
  checkMoney({
    db: world.db,
    simState: await fetchSimState(world.simulator.url),
    temporal: temporalProcesses(world.client),
    logs: world.logs,
    ...given,
  })

/** True when no attempt, receipt, mail, file or export is open or waiting, so that nothing can change any more. */
export const isSettled = async (world: World): Promise<boolean> => (await unsettledIn(world)).length === 0

/** Descriptions, by ids, of everything that is open or waiting: attempts, receipts, mails, files, exports. */
export async function unsettledIn(world: World): Promise<string[]> {
  const { rows } = await world.db.raw<{ rows: { what: string }[] }>(
    `select format('rpt %s of cart %s is %s, the node says %s, next look at %s', id, cart_id, state,
       coalesce(node_state, 'nothing'), next_check_at) as what
     from attempt left join rpt on rpt.attempt_id = id where state in (${listed(OPEN_ATTEMPT_STATES)})
     union all
     select format('rt %s of cart %s is not handled since %s', id, cart_id, received_at)
     from receipt where handled_at is null and cart_id is not null
     union all
     select format('mail %s (%s) is pending after %s tries, last answer %s', id, kind, tries,
       coalesce(last_answer, 'none'))
     from email where state = 'pending'
     union all
     select format('file %s is %s', id, state) from flow
     where state in (${listed(MOVING_FLOW_STATES)})
     union all
     select format('export %s is %s', id, state) from export where state in (${listed(OPEN_EXPORT_STATES)})`,
  )
  const waiting = world.simulator
    .state(0, Number.MAX_SAFE_INTEGER)
    .rts.filter((rt) => rt.status === 'waiting')
    .map((rt) => `the node still has to deliver rt ${rt.id} about ${rt.domain}|${rt.iuv}|${rt.ccp}`)
  return [...rows.map(({ what }) => what), ...waiting]
}

const failed = (error: unknown): Finding[] => [
  { id: 'I0', name: 'checked', violations: [error instanceof Error ? error.message : String(error)] },
]
