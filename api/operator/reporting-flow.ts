import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import { findReportingFlow, flowHeader, otherRevisions, type FlowSummary } from '../../db/reporting/list.ts'
import { listReportedRows, reportedRows } from '../../db/reporting/rows.ts'
import { creditsOfFlow, hasTreasury } from '../../db/treasury/ties.ts'
import { AppError } from '../../domain/errors.ts'
import { shownReportingState } from '../../domain/reporting/shown-state.ts'
import { flowDocument } from '../../domain/wire/reporting-flow.ts'
import { reportedRowsCsv } from '../../templates/documents/reported-rows-csv.ts'
import { t } from '../../templates/language.ts'
import { readerOf, theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import type { AppDeps } from '../deps.ts'
import { asCsv } from '../documents/csv.ts'
import { mustRead } from '../form/read-request.ts'
import { findPage } from '../list/pages.ts'
import { readNumber } from '../list/place.ts'
import { sendPage } from '../page/page.ts'
import { flowFacts, flagText, fileName, rowView } from './reporting-flow-view.ts'
import { flowChip, reportingHref, SECTION } from './reporting-view.ts'
import { flowCreditsView } from './treasury-view.ts'

const PATH = `/operatore/:codIpa/${SECTION}/:reportingFlowId`
const PAGE = 50

/** One reporting flow with its payments, and the flow as a file. Nothing here names a person. */
export function reportingFlowPages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`${PATH}.xml`, async (req, res) => {
    const flow = await mustFind(req, res, 'stored')
    res.type('application/xml').attachment(fileName(flow, 'xml'))
    await send(
      req,
      res,
      Readable.from(flowDocument(await flowHeader(db, flow.id), reportedRows(db, flow.id))),
    )
  })

  router.get(`${PATH}.csv`, async (req, res) => {
    const flow = await mustFind(req, res, 'stored')
    asCsv(res, fileName(flow, 'csv'))
    await send(req, res, reportedRowsCsv(reportedRows(db, flow.id)))
  })

  router.get(PATH, async (req, res) => {
    const flow = await mustFind(req, res)
    const href = `${reportingHref(res)}/${flow.id}`
    const { rows, pages } = await findPage({
      href,
      query: req.query,
      size: PAGE,
      find: (turn) => listReportedRows(db, readerOf(res), flow.id, turn),
      placeOf: ({ position }) => String(position),
      readPlace: readNumber,
    })
    const state = shownReportingState(flow)
    sendPage(res, 'operator/reporting-flow', {
      title: t('reporting.list.title'),
      here: flow.flowId,
      ...operatorFrame(theAccess(res), SECTION),
      flowId: flow.flowId,
      state: flowChip(flow),
      note: state === 'old' || state === 'fetching' ? t(`reporting.detail.${state}`) : null,
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
      revisions: await revisionsView(res, flow),
      rows: rows.length === 0 ? null : rows.map((row) => rowView(row, theAccess(res).codIpa)),
      pages,
    })
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

const file = (href: string, kind: string) => ({
  href: `${href}.${kind}`,
  text: t(`reporting.detail.${kind}`),
})

const send = (req: Request, res: Response, document: Readable): Promise<void> =>
  pipeline(document, res).catch((error: unknown) => req.log.info({ err: error }, 'flow not read to its end'))
