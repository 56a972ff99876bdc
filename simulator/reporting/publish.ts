import { nowIso, type Context } from '../context.ts'
import { dayAfter, dayOf } from './days.ts'
import type { Flow } from './flow.ts'
import { makeFlow } from './make-flow.ts'
import { PublishRequest } from './request.ts'
import { takenPayments, type Taken } from './taken.ts'

/**
 * Publishes flows: those given, or those of the payments that the PSPs took and no flow lists yet.
 * @returns the new revisions, in their order
 * @throws ZodError that names what is wrong in the request
 */
export function publish(context: Context, request: PublishRequest = {}): Flow[] {
  const { flows, day, domain } = PublishRequest.parse(request)
  if (flows) return flows.map((flow) => record(context, makeFlow(context, flow), []))
  return takenPayments(context.world, { day, domain }).map((taken) => publishTaken(context, taken))
}

function publishTaken(context: Context, { domain, psp, day, rows, rts }: Taken): Flow {
  // The money goes on its way the day after; published before that, the flow is of today.
  const regulationDate = [dayAfter(day), dayOf(nowIso(context))].toSorted()[0]!
  return record(context, makeFlow(context, { domain, psp, header: { regulationDate } }, { rows }), rts)
}

function record(context: Context, flow: Flow, rts: string[]): Flow {
  context.world.record({ type: 'reported', at: nowIso(context), flow, rts })
  return flow
}
