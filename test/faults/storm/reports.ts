import { setTimeout as sleep } from 'node:timers/promises'
import type { Flow } from '../../../simulator/reporting/flow.ts'
import type { Finding } from '../../../tools/check/invariant.ts'
import type { World } from '../tools/world.ts'
import { untilDone, type Outside } from './citizen.ts'
import type { ReportOrder, Revision } from './schedule.ts'

/** Longer than the longest pause between two tries of a fetch. */
const REPORTED_WITHIN_MS = 360_000

/** A flow as it was first published, and its newest revision. */
interface Published {
  first: Flow
  last: Flow
}

/** What the PSPs published in a storm, by the id of the flow. */
export type Reports = Map<string, Published>

/** How a revision differs from the first one. */
const REVISIONS: Record<Revision, object> = {
  without: { changes: { without: [1] } },
  code_9: { changes: { changed: [{ place: 1, code: 9 }] } },
  same: {},
}

/** Publishes what PSPs took meanwhile and a revision of an earlier flow; then the enti that they are for ask for a fetch. */
export async function reportInStorm(
  { world, outside, reports }: { world: World; outside: Outside; reports: Reports },
  { revision, draw }: ReportOrder,
): Promise<void> {
  const before = [...reports.values()]
  const made = world.simulator.publish()
  const revised = before[Math.floor(draw * before.length)]
  if (revised) made.push(...revise(world, revised.first, REVISIONS[revision]))
  for (const flow of made) note(reports, flow)
  for (const domain of new Set(made.map((flow) => flow.domain)))
    await untilDone(outside, () => askToFetch(world, domain))
}

const revise = ({ simulator }: World, { domain, psp, fdr, rows }: Flow, change: object): Flow[] => {
  const first = 'rows' in rows ? rows.rows : []
  // The change is one of the first revision, whatever the last one has.
  simulator.publish({ flows: [{ domain, psp, fdr, rows: first }] })
  return simulator.publish({ flows: [{ domain, psp, fdr, ...change }] })
}

const note = (reports: Reports, flow: Flow): void =>
  void reports.set(flow.fdr, { first: reports.get(flow.fdr)?.first ?? flow, last: flow })

/** Does nothing for an organization that is not ours. */
async function askToFetch({ db, processes }: World, domain: string): Promise<void> {
  const ente = (await db('ente').first('id').where({ codice_fiscale: domain })) as { id: string } | undefined
  const ask = { operatorId: null, fromOn: null, summary: 'tempesta' }
  if (ente) await processes.fetchReporting({ enteId: ente.id, ...ask })
}

/**
 * Publishes the rest when the storm is over, each flow with all of its payments again, and waits until the newest revision of each is stored and
 * judged, and every payment whose receipt is here is matched.
 */
export async function reportFinding(world: World, reports: Reports): Promise<Finding> {
  for (const flow of world.simulator.publish()) note(reports, flow)
  for (const { first } of [...reports.values()])
    for (const flow of revise(world, first, REVISIONS.same)) note(reports, flow)
  const until = Date.now() + REPORTED_WITHIN_MS
  for (;;) {
    const left = await missing(world, reports)
    const violations = [
      ...left.map(({ fdr }) => `flow ${fdr} is not stored and judged`),
      ...(await unmatched(world)),
    ]
    if (violations.length === 0 || Date.now() > until) return { id: 'reports', name: 'whole', violations }
    for (const domain of new Set(left.map((flow) => flow.domain))) await askToFetch(world, domain)
    await sleep(1_000)
  }
}

/** Flows of our enti whose newest revision is not stored, judged and the only one that counts. */
async function missing({ db }: World, reports: Reports): Promise<Flow[]> {
  const left: Flow[] = []
  for (const { last } of reports.values()) {
    const { domain, fdr, revision, totPayments: rows } = last
    if (!(await db('ente').first('id').where({ codice_fiscale: domain }))) continue
    const current = (await db('reporting_flow').where({ domain, flow_id: fdr, is_current: true })) as {
      revision: number
      rows: number
      is_judged: boolean
    }[]
    const isWhole = current.every((one) => one.revision === revision && one.rows === rows && one.is_judged)
    if (current.length !== 1 || !isWhole) left.push(last)
  }
  return left
}

/** Payments of current flows whose receipt settles, and which are not matched with it. */
async function unmatched({ db }: World): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { what: string }[] }>(
    `select format('payment %s of flow %s is %s, and its receipt is here', r.iur, f.flow_id, r.class) as what
     from reported_row r join reporting_flow f on f.id = r.reporting_flow_id and f.is_current
       join receipt rt on rt.domain = r.domain and rt.iuv = r.iuv and rt.settling
     where r.class is distinct from 'matched' and exists (
       select from jsonb_array_elements(rt.details -> 'items') item
       where item.value ->> 'iur' = r.iur and cast(item.value ->> 'cents' as bigint) = r.importo_cents)`,
  )
  return rows.map(({ what }) => what)
}
