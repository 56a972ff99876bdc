import type { Knex } from 'knex'
import type { FlowState } from '../../domain/states.ts'
import { lockDues } from '../due/lock.ts'
import { rowsOf } from '../ground/rows.ts'
import { lockFlow, soon, spentLoading, type Flow } from './flow.ts'

const STOPPABLE: readonly FlowState[] = ['queued', 'loading', 'paused', 'writing']
const CANCELLABLE: readonly FlowState[] = ['loaded', 'stopped', 'refused']

/**
 * Stops a file that is still loading and begins to cancel it, in one transaction: the chunk that is loading now either commits before
 * or not at all. Returns the state afterwards, or undefined when there is no such file. Safe to repeat.
 */
export async function beginCancelling(
  db: Knex,
  flowId: string,
  by: { operatorId: string; why: string | null },
): Promise<FlowState | undefined> {
  return db.transaction(async (trx) => {
    const flow = await lockFlow(trx, flowId)
    if (!flow) return undefined
    const move = (state: FlowState) =>
      trx('flow')
        .where({ id: flowId })
        .update({
          state,
          cancelled_by: by.operatorId,
          cancel_why: by.why,
          loading_since: null,
          loading_ms: spentLoading(trx),
          next_check_at: soon(trx),
        })
    if (STOPPABLE.includes(flow.state)) await move('stopped')
    else if (!CANCELLABLE.includes(flow.state)) return flow.state
    await move('cancelling')
    return 'cancelling'
  })
}

/**
 * Cancels the next payable dues of the flow, at most `limit`, whose IUDs come after `after`. Returns the last IUD that it read, or
 * undefined when none is left. Locks in the order of ids, as payments do, so that they cannot deadlock. A due that a payment takes
 * before the lock is kept.
 */
export async function cancelDuesOf(
  db: Knex,
  flow: Flow,
  { after, limit }: { after: string; limit: number },
): Promise<string | undefined> {
  return db.transaction(async (trx) => {
    const page = await rowsOf<{ id: string; iud: string }>(
      trx('due')
        .select('id', 'iud')
        .where({ flow_id: flow.id, state: 'payable' })
        .where('iud', '>', after)
        .orderBy('iud')
        .limit(limit),
    )
    if (page.length === 0) return undefined
    const ids = page.map(({ id }) => id)
    await lockDues(trx, ids)
    const cancelled = await trx('due')
      .whereIn('id', ids)
      .where({ state: 'payable' })
      .update({ state: 'cancelled', cancelled_reason: 'flow' })
    await trx('flow')
      .where({ id: flow.id })
      .update({ dues_cancelled: trx.raw('dues_cancelled + ?', [cancelled]), next_check_at: soon(trx) })
    return page.at(-1)!.iud
  })
}

/** Ends the cancelling of a file and stores how many dues were kept because they are paid or being paid. */
export async function endCancelling(db: Knex, flowId: string): Promise<void> {
  await db.raw(
    `update flow f set state = 'cancelled', ended_at = now(), dues_kept_paid = k.paid, dues_kept_paying = k.paying
     from (select count(*) filter (where state = 'paid') as paid, count(*) filter (where state = 'paying') as paying
       from due where flow_id = ?) k
     where f.id = ? and f.state = 'cancelling'`,
    [flowId, flowId],
  )
}
