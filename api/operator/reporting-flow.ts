import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { findReportingFlow, otherRevisions, type FlowSummary } from '../../db/reporting/list.ts'
import { listReportedRows, reportedRows } from '../../db/reporting/rows.ts'
import { standingOfFlow } from '../../db/reporting/standing.ts'
import { creditsOfFlow, hasTreasury } from '../../db/treasury/ties.ts'
import { AppError } from '../../domain/errors.ts'
import { ROW_CLASSES } from '../../domain/reporting/row-class.ts'
import { shownReportingState, type ShownReportingState } from '../../domain/reporting/shown-state.ts'
import { flowXml } from '../../services/reporting/flow-xml.ts'
import { reportedRowsCsv } from '../../templates/documents/reported-rows-csv.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { asCsv } from '../documents/csv.ts'
import { sendStream } from '../documents/send-stream.ts'
import { mustRead } from '../form/read-request.ts'
import { oneOf } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readNumber } from '../list/place.ts'
import { sendPage } from '../page/page.ts'
import { classField } from './reconciliation.ts'
import { flowFacts, flagText, fileName, rowView, standingView } from './reporting-flow-view.ts'
import { flowChip, reportingHref, SECTION } from './reporting-view.ts'
import { flowCreditsView } from './treasury-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}/:reportingFlowId`
const PAGE = 50

/** One reporting flow with its payments, and the flow as a file. Nothing here names a person. */
export function reportingFlowPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`${PATH}.xml`, async (req, res) => {
    const flow = await mustFind(req, res, 'stored')
    await traceFile(res, flow, 'xml')
    res.set('cache-control', 'no-store').type('application/xml').attachment(fileName(flow, 'xml'))
    await sendStream(req, res, flowXml(db, flow))
  })

  router.get(`${PATH}.csv`, async (req, res) => {
    const flow = await mustFind(req, res, 'stored')
    await traceFile(res, flow, 'csv')
    asCsv(res, fileName(flow, 'csv'))
    await sendStream(req, res, reportedRowsCsv(reportedRows(db, flow.id)))
  })

  router.get(PATH, async (req, res) => {
    const flow = await mustFind(req, res)
    const href = `${reportingHref(res)}/${flow.id}`
    const { rows, view, status } = await listPage({
      t,
      href,
      query: req.query,
      filters: { classe: oneOf(ROW_CLASSES) },
      fields: [classField],
      size: PAGE,
      find: ({ classe }, turn) => listReportedRows(db, readerOf(res), flow.id, { class: classe }, turn),
      none: t('reporting.match.none'),
      empty: t('reporting.detail.noRows'),
      placeOf: ({ position }) => String(position),
      readPlace: readNumber,
    })
    const state = shownReportingState(flow)
    const values = {
      title: t('reporting.list.title'),
      here: flow.flowId,
      ...operatorFrame(theAccess(res), SECTION),
      heading: t('reporting.detail.heading', { flowId: flow.flowId }),
      state: flowChip(flow),
      note: isNoted(state) ? t(`reporting.detail.${state}`) : null,
      flags: flow.flags.length === 0 ? null : flow.flags.map((flag) => flagText(flag, flow)),
      facts: flowFacts(flow),
      files: flow.state === 'stored' ? ['xml', 'csv'].map((kind) => file(href, kind)) : null,
      credits: flowCreditsView(
        {
          ties: await creditsOfFlow(db, flow),
          hasTreasury: await hasTreasury(db, flow.enteId),
        },
        flow.declaredCents ?? flow.rowsCents,
        theAccess(res).codIpa,
      ),
      standing: flow.state === 'stored' ? standingView(await standingOfFlow(db, flow.id), href) : [],
      revisions: await revisionsView(res, flow),
      ...view,
      rows: rows.map((row) => rowView(row, theAccess(res).codIpa)),
    }
    sendPage(res, 'operator/reporting-flow', values, status)
  })

  const traceFile = (res: Response, flow: FlowSummary, ending: string): Promise<void> =>
    traceAtEnte(db, res, {
      what: 'reporting',
      of: { entity: 'reporting_flow', id: flow.id },
      detail: fileName(flow, ending),
    })

  async function mustFind(req: Request, res: Response, state?: FlowSummary['state']): Promise<FlowSummary> {
    const id = mustRead(z.uuid(), req.params['reportingFlowId'])
    const flow = await findReportingFlow(db, theAccess(res).enteId, id)
    if (!flow || (state !== undefined && flow.state !== state)) throw new AppError('NOT_FOUND')
    return flow
  }

  async function revisionsView(res: Response, flow: FlowSummary) {
    const others = await otherRevisions(db, flow)
    if (others.length === 0) return null
    return others.map((other) => ({
      href: `${reportingHref(res)}/${other.id}`,
      text: t('reporting.detail.revisionLink', {
        revision: other.revision,
        state: t(`reporting.state.${shownReportingState(other)}`),
      }),
    }))
  }

  return router
}

const isNoted = (state: ShownReportingState): boolean => ['old', 'fetching', 'gone'].includes(state)

const file = (href: string, kind: string) => ({
  href: `${href}.${kind}`,
  text: t(`reporting.detail.${kind}`),
})
