import { barrierName, type Drawn } from '../behaviour/behaviours.ts'
import type { ReportingKind } from '../behaviour/kinds.ts'
import { pause } from '../behaviour/waiting.ts'
import { systemError, tooMany, unauthorized, type Answer } from './errors.ts'
import type { Json } from './json.ts'
import type { Misbehaving } from './misbehaving.ts'
import { shifted } from './shift.ts'

const LONG_MS = 35_000
const RETRY_MS = 2_000

export async function misbehave(call: Misbehaving): Promise<void> {
  await WAYS[call.rule.kind as ReportingKind](call)
}

const WAYS: Record<ReportingKind, (call: Misbehaving) => void | Promise<void>> = {
  too_many: ({ rule, wire }) => wire.send(tooMany(retryAfter(rule))),
  unauthorized: ({ wire }) => wire.send(unauthorized()),
  http_500: ({ wire }) => wire.send(systemError()),
  broken_page: ({ rule, wire, act }) =>
    rule.how === 'truncated' ? wire.half(act()) : wire.send(systemError()),
  malformed: ({ wire, act }) => wire.half(act()),
  empty: ({ wire, act }) => wire.send(changed(act(), () => [])),
  duplicate_index: ({ wire, act }) => wire.send(changed(act(), (data) => [...data, ...data.slice(0, 1)])),
  shifting: (call) => call.wire.send(shifted(call)),
  slow: async ({ rule, wire, act, context }) => {
    const answer = act()
    await pause(rule.pauseMs ?? LONG_MS, context.closing)
    wire.send(answer)
  },
  barrier: async ({ rule, wire, act, context }) => {
    const answer = act()
    await context.behaviours.barriers.hold(barrierName(rule), context.closing)
    wire.send(answer)
  },
  drop: ({ wire }) => wire.cut(),
}

/** Seconds or a date, as HTTP allows. The date is of the real clock, which is that of the one who waits. */
function retryAfter({ how, pauseMs = RETRY_MS }: Drawn): string | undefined {
  if (how === 'none') return undefined
  if (how === 'date') return new Date(Date.now() + pauseMs).toUTCString()
  return String(Math.ceil(pauseMs / 1_000))
}

/** The answer with another list in it; the totals stay. */
function changed(answer: Answer, change: (data: Json[]) => Json[]): Answer {
  const { body } = answer
  if (typeof body !== 'object' || !('data' in body) || !Array.isArray(body.data)) return answer
  return { ...answer, body: { ...body, data: change(body.data) } }
}
