import { Router } from 'express'
import { findReadableAct, listActs, stopAct, type BulkAct } from '../../db/bulk/act.ts'
import { countLeft, everyDueOfAct, firstDuesOfAct } from '../../db/bulk/rows.ts'
import { BULK_KINDS } from '../../domain/bulk/acts.ts'
import { AppError } from '../../domain/errors.ts'
import { bulkFiles } from '../../services/file-store.ts'
import { leftDuesCsvFile } from '../../templates/documents/dues-csv.ts'
import { t } from '../../templates/language.ts'
import { operatorsOfEnte, readerNow, readerOf, theAccess, theOperator } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { asCsv } from '../documents/csv.ts'
import { sendStream } from '../documents/send-stream.ts'
import { sendStored } from '../documents/download.ts'
import { day, oneOf, word } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readId } from '../list/place.ts'
import { csrfOf } from '../middleware/csrf.ts'
import { redirectDone } from '../page/flash.ts'
import { CHANGED, openStream } from '../page/live.ts'
import { sendPage } from '../page/page.ts'
import { actHref, ACTS_PATH, actsHref, mustFindAct, theAct } from './bulk-address.ts'
import { actName, actRowView, actView } from './bulk-view.ts'
import { duesHref } from './due-address.ts'

const PAGE = 25
const SHOWN_LEFT = 20
const FILTERS = { atto: oneOf(BULK_KINDS), operatore: word(100), 'chiesta-dal': day, 'chiesta-al': day }

/** The acts on many dues: the list, one act with its progress and what it left, its files, and "Ferma". */
export function bulkActPages({ db, files }: Pick<AppDeps, 'db' | 'files'>): Router {
  const router = Router()

  router.get(ACTS_PATH, async (req, res) => {
    const { rows, view, status } = await listPage({
      t,
      href: actsHref(res),
      query: req.query,
      filters: FILTERS,
      spans: [['chiesta-dal', 'chiesta-al']],
      fields: [
        {
          id: 'atto',
          label: t('bulk.list.filterKind'),
          options: BULK_KINDS.map((kind) => ({ value: kind, label: t(`bulk.name.${kind}`) })),
          blank: t('operator.all'),
        },
        { id: 'operatore', label: t('bulk.list.filterBy'), maxLength: 100 },
        { id: 'chiesta-dal', label: t('bulk.list.filterFrom'), type: 'date', maxLength: 10 },
        { id: 'chiesta-al', label: t('bulk.list.filterTo'), type: 'date', maxLength: 10 },
      ],
      size: PAGE,
      find: (values, turn) =>
        listActs(
          db,
          readerOf(res),
          {
            kind: values.atto,
            operator: values.operatore,
            from: values['chiesta-dal'],
            to: values['chiesta-al'],
          },
          turn,
        ),
      placeOf: ({ id }) => id,
      readPlace: readId,
      none: t('bulk.list.none'),
      empty: t('bulk.list.empty'),
    })
    sendPage(
      res,
      'operator/bulk-acts',
      {
        title: t('bulk.list.title'),
        ...operatorFrame(theAccess(res), 'operazioni'),
        ...view,
        duesHref: duesHref(res),
        rows: rows.map((act) => actRowView(act, actsHref(res))),
      },
      status,
    )
  })

  router.get(`${ACTS_PATH}/:actId.zip`, async (req, res) => {
    const act = await mustFindAct(db, req, res)
    if (act.zipBytes === null || act.fileRemovedAt !== null) throw new AppError('NOT_FOUND')
    const name = `${theAccess(res).codIpa}-operazione-${act.number}.zip`
    await sendStored(
      res,
      { path: files.path(bulkFiles(act.id).zip), name },
      {
        trace: () => traceAtEnte(db, res, { what: 'bulk', of: theAct(act), detail: act.kind }),
      },
    )
  })

  router.get(`${ACTS_PATH}/:actId`, async (req, res) => {
    const act = await mustFindAct(db, req, res)
    const [counts, left] = await Promise.all([
      countLeft(db, act.id),
      firstDuesOfAct(db, act.id, 'left', SHOWN_LEFT),
    ])
    sendPage(res, 'operator/bulk-act', {
      title: actName(act),
      ...operatorFrame(theAccess(res), 'operazioni'),
      ...actView({
        act,
        counts,
        left,
        mayStop: mayStop(act, readerOf(res)),
        href: actHref(res, act),
        duesHref: duesHref(res),
      }),
      csrf: csrfOf(req),
      script: 'flow.js',
    })
  })

  router.get(`${ACTS_PATH}/:actId/lasciati.csv`, async (req, res) => {
    const act = await mustFindAct(db, req, res)
    await traceAtEnte(db, res, { what: 'bulk', of: theAct(act), detail: 'left' })
    asCsv(res, `${theAccess(res).codIpa}-operazione-${act.number}-lasciati.csv`)
    await sendStream(req, res, leftDuesCsvFile(everyDueOfAct(db, act.id, 'left')))
  })

  router.post(`${ACTS_PATH}/:actId/ferma`, async (req, res) => {
    const act = await mustFindAct(db, req, res)
    if (!mayStop(act, readerOf(res))) throw new AppError('NOT_FOUND')
    await stopAct(db, act.id, theOperator(res))
    redirectDone(req, res, actHref(res, act), 'staff.done.bulkStopped')
  })

  return router
}

/** True for the person who asked for the act, and for administrators. */
const mayStop = (act: BulkAct, { operatorId, isAdmin }: { operatorId: string; isAdmin: boolean }): boolean =>
  isAdmin || act.operatorId === operatorId

/** Sends the server-sent event `changed` when the page of an act would show something else. */
export function bulkActStream(deps: AppDeps): Router {
  const { db, live } = deps
  const router = Router()
  router.get(`${ACTS_PATH}/:actId/eventi`, ...operatorsOfEnte(deps), async (req, res) => {
    const act = await mustFindAct(db, req, res)
    const still = async (): Promise<boolean> => {
      const reader = await readerNow(deps, res)
      return reader !== undefined && (await findReadableAct(db, reader, act.id)) !== undefined
    }
    openStream(live, act.id, res, { first: CHANGED, still })
  })
  return router
}
