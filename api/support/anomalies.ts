import type { Router } from 'express'
import { t } from '../../templates/language.ts'
import { adminFrame } from '../access/region-menu.ts'
import { traceAtRegion } from '../access/trace.ts'
import { anomalyPages } from '../anomaly/router.ts'
import type { AppDeps } from '../deps.ts'

const PATH = '/supporto/anomalie'

/** The anomalies of all enti, with persons masked. */
export function supportAnomalies(deps: Pick<AppDeps, 'db' | 'config'>): Router {
  return anomalyPages(deps, {
    path: PATH,
    href: () => PATH,
    reader: () => null,
    frame: (res) => adminFrame(res, '/supporto', { text: t('anomaly.list.title'), href: PATH }),
    isMasked: true,
    aboutHref: (_res, { kind, cartId, ente }) =>
      kind === 'fetch_missed'
        ? `/operatore/${ente!.codIpa}/rendicontazione`
        : cartId && `/supporto/pagamenti/${cartId}`,
    dueHref: (_res, { ente }, dueId) => `/operatore/${ente!.codIpa}/dovuti/${dueId}`,
    receiptHref: (_res, _anomaly, { id, cartId }) =>
      cartId === null ? null : `/supporto/pagamenti/${cartId}/xml/rt/${id}`,
    askHref: (_res, { cartId, canAsk }) =>
      cartId !== null && canAsk ? `/supporto/pagamenti/${cartId}/chiedi` : null,
    reportedHref: () => null,
    mails: () => Promise.resolve(null),
    trace: (res, { id, ente }) =>
      traceAtRegion(deps.db, res, {
        what: 'anomaly',
        of: { entity: 'anomaly', id },
        enteIds: ente ? [ente.id] : [],
      }),
  })
}
