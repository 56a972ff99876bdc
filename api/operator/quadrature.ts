import { Readable } from 'node:stream'
import { Router, type Response } from 'express'
import { z } from 'zod'
import { quadraturaParts } from '../../db/reporting/quadratura.ts'
import { findQuadratura, listQuadrature, type QuadraturaSummary } from '../../db/reporting/quadratura-list.ts'
import { lastRun } from '../../db/reporting/run.ts'
import { formatInstant, romeDateTime } from '../../domain/calendar.ts'
import { AppError } from '../../domain/errors.ts'
import { stateChip } from '../../templates/chip.ts'
import { wholeNumber } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import { theAccess } from '../access/operator.ts'
import { operatorFrame } from '../access/operator-menu.ts'
import { traceAtEnte } from '../access/trace.ts'
import type { AppDeps } from '../deps.ts'
import { sendStream } from '../documents/send-stream.ts'
import { summaryView } from '../form/field-view.ts'
import { mustRead } from '../form/read-request.ts'
import { day, word } from '../list/filters.ts'
import { listPage } from '../list/list-page.ts'
import { readPlace, writePlace } from '../list/place.ts'
import { sendPage } from '../page/page.ts'
import { runText, SECTION } from './reporting-view.ts'

const PATH = '/operatore/:codIpa/quadrature'
const PAGE = 25

const dayField = (id: string, name: string) => ({
  id,
  label: t(`reporting.quadratura.${name}`),
  type: 'date' as const,
  maxLength: 10,
})

const FIELDS = [
  { id: 'identificativo', label: t('reporting.quadratura.id'), maxLength: 255 },
  dayField('dal', 'from'),
  dayField('al', 'to'),
]

/** The documents of quadratura of an ente: their list, and each as it came. */
export function quadraturePages({ db }: Pick<AppDeps, 'db'>): Router {
  const router = Router()

  router.get(`${PATH}/:quadraturaId.xml`, async (req, res) => {
    const id = mustRead(z.uuid(), req.params['quadraturaId'])
    const found = await findQuadratura(db, theAccess(res).enteId, id)
    if (found?.state !== 'stored') throw new AppError('NOT_FOUND')
    const name = fileName(found)
    await traceAtEnte(db, res, { what: 'reporting', of: { entity: 'quadratura', id }, detail: name })
    // Nobody knows what is in it, so no browser is told to read it.
    res.set('cache-control', 'no-store').attachment(name).type('application/octet-stream')
    await sendStream(req, res, Readable.from(quadraturaParts(db, id)))
  })

  router.get(PATH, async (req, res) => {
    const access = theAccess(res)
    const last = await lastRun(db, access.enteId)
    const { rows, search, view, status } = await listPage({
      t,
      href: hrefOf(res),
      query: req.query,
      filters: { identificativo: word(255), dal: day, al: day },
      spans: [['dal', 'al']],
      fields: FIELDS,
      size: PAGE,
      find: ({ identificativo, dal, al }, turn) =>
        listQuadrature(db, access.enteId, { id: identificativo, from: dal, to: al }, turn),
      placeOf: ({ madeAt, id }) => writePlace(madeAt, id),
      readPlace,
      none: t('reporting.quadratura.none'),
      empty: t('reporting.quadratura.empty'),
    })
    const values = {
      title: t('reporting.quadratura.title'),
      ...operatorFrame(access, SECTION),
      last: runText(last),
      ...view,
      ...summaryView(search.problems),
      rows: rows.map((row) => rowView(row, hrefOf(res))),
    }
    sendPage(res, 'operator/quadrature', values, status)
  })

  return router
}

const hrefOf = (res: Response): string => `/operatore/${theAccess(res).codIpa}/quadrature`

/** `<id>_<yyyyMMddHHmmss>.xml`, as programs know these files. */
const fileName = ({ quadraturaId, madeAt }: QuadraturaSummary): string =>
  `${quadraturaId.replace(/[^A-Za-z0-9_-]+/g, '-')}_${romeDateTime(madeAt).replace(/\D/g, '').slice(0, 14)}.xml`

const rowView = ({ id, quadraturaId, madeAt, bytes, state }: QuadraturaSummary, href: string) => ({
  href: state === 'stored' ? `${href}/${id}.xml` : null,
  quadraturaId,
  madeAt: formatInstant(madeAt),
  bytes: bytes === null ? '–' : wholeNumber(bytes),
  state: stateChip('reporting', state, t(`reporting.state.${state}`)),
})
