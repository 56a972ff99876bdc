import { Router, type Response } from 'express'
import { setWantsAnomalies, wantsAnomalies } from '../../db/anomaly/tell.ts'
import { noteEvent, signedBy } from '../../db/journal/event.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { readerOf, theAccess, theOperator } from '../access/operator.ts'
import { traceAtEnte } from '../access/trace.ts'
import { anomalyPages } from '../anomaly/router.ts'
import type { AppDeps } from '../deps.ts'
import { trimmedText, typedIn } from '../form/read-request.ts'
import { redirectDone } from '../page/flash.ts'
import { dueHref } from './due-address.ts'
import { reportingHref } from './reporting-view.ts'

const PATH = '/operatore/:codIpa/anomalie'
const hrefOf = (res: Response): string => `/operatore/${theAccess(res).codIpa}/anomalie`

/** The anomalies of an ente, about the types of due that this operator may use. */
export function enteAnomalies(deps: Pick<AppDeps, 'db' | 'config'>): Router {
  const { db } = deps
  const router = Router()

  router.post(`${PATH}/mail`, async (req, res) => {
    const { enteId } = theAccess(res)
    const by = theOperator(res)
    const wants = trimmedText(typedIn(req), 'mail') === 'si'
    await setWantsAnomalies(db, { enteId, operatorId: by.id, wants })
    const data = { ...signedBy(by), enteId, wants }
    await noteEvent(db, { entity: 'operator', entityId: by.id, kind: 'anomaly_mails', data })
    redirectDone(req, res, hrefOf(res), `anomaly.news.${wants ? 'mailsOn' : 'mailsOff'}`)
  })

  // After the form above, because its address would else be read as the id of an anomaly.
  const pages = anomalyPages(deps, {
    path: PATH,
    href: hrefOf,
    reader: readerOf,
    frame: (res) => operatorFrame(theAccess(res), 'anomalie'),
    isMasked: false,
    aboutHref: (res, { kind, aboutDueId }) =>
      kind === 'fetch_missed' ? reportingHref(res) : aboutDueId && dueHref(res, { id: aboutDueId }),
    dueHref: (res, _anomaly, id) => dueHref(res, { id }),
    receiptHref: (res, { aboutDueId }, { id, hasDocument }) =>
      aboutDueId !== null && hasDocument ? `${dueHref(res, { id: aboutDueId })}/ricevute/${id}.pdf` : null,
    askHref: (res, { aboutDueId, canAsk }) =>
      aboutDueId !== null && canAsk ? `${dueHref(res, { id: aboutDueId })}/chiedi-ricevuta` : null,
    reportedHref: (res, { reportedRowId }) =>
      reportedRowId && `/operatore/${theAccess(res).codIpa}/riconciliazione/${reportedRowId}`,
    async mails(res) {
      const isOn = await wantsAnomalies(db, {
        enteId: theAccess(res).enteId,
        operatorId: theOperator(res).id,
      })
      return isOn === null ? null : { action: `${hrefOf(res)}/mail`, isOn }
    },
    trace: (res, { id }) => traceAtEnte(db, res, { what: 'anomaly', of: { entity: 'anomaly', id } }),
  })
  return router.use(pages)
}
