import { beginRun, endRun, findRun } from '../../db/reporting/run.ts'
import { tieSome } from '../../services/treasury/tie.ts'
import { reportingWords } from '../../templates/process-words.ts'
import type { FetchReportingActivities } from '../../workflows/fetch-reporting/contract.ts'
import { reconcileEnte } from '../../services/reporting/reconcile.ts'
import { keepAlive } from '../heartbeat.ts'
import { chaseReceipts } from './chase.ts'
import type { ReportingDeps } from './deps.ts'
import { fetchFlow } from './fetch-flow.ts'
import { listReporting } from './list.ts'
import { fetchQuadratura } from './quadratura.ts'

/** Each is safe to repeat and to run twice at once: the tables say what is known and what is stored. */
export function createReportingActivities(deps: ReportingDeps): FetchReportingActivities {
  const { db } = deps
  return {
    async beginFetch(ask) {
      const run = await beginRun(db, ask)
      return run ? { runId: run.id } : null
    },
    listReporting: ({ runId }) => keepAlive(async () => ({ flows: await listReporting(deps, runId) })),
    fetchFlow: ({ flowId }) => keepAlive(() => fetchFlow(deps, flowId)),
    reconcileReporting: ({ runId }) =>
      keepAlive(async () => {
        const run = await findRun(db, runId)
        if (run) await reconcileEnte(db, run.enteId)
      }),
    chaseReceipts: ({ runId }) => keepAlive(() => chaseReceipts(deps, runId)),
    tieCredits: ({ enteId }) => keepAlive(() => tieSome(db, enteId)),
    fetchQuadratura: ({ runId }) => keepAlive(() => fetchQuadratura(deps, runId)),
    async endFetch({ runId, outcome, stored }) {
      await endRun(db, runId, { outcome, stored })
      return { now: reportingWords(outcome, stored) }
    },
  }
}
