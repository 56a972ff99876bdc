import { pipeline } from 'node:stream/promises'
import { Router, type Request, type Response } from 'express'
import { z } from 'zod'
import {
  filterChoices,
  openPositions,
  ownPositions,
  type Position,
  type PositionKey,
} from '../../../db/citizen/area.ts'
import { repricedDues } from '../../../db/due/due.ts'
import { findNoticeDocuments } from '../../../db/due/notice-document.ts'
import { formatDay } from '../../../domain/calendar.ts'
import { isAppError } from '../../../domain/errors.ts'
import { cents, formatEuro } from '../../../domain/money.ts'
import { isDoubtful } from '../../../domain/payment/known.ts'
import { zipOf } from '../../../templates/documents/zip.ts'
import { doubtWords } from '../../../templates/money.ts'
import { noticeHref } from '../../../templates/signed-link.ts'
import { now, type AppDeps } from '../../deps.ts'
import { csrfOf } from '../../middleware/csrf.ts'
import { languageOf, sendPage, textsFor } from '../../page/page.ts'
import { typedIn } from '../../form/read-request.ts'
import { accountPerson } from '../account-person.ts'
import { amountInput, amountsSeen, keepRepriced } from '../news.ts'
import { addToCart } from '../../../services/due/accept-draft.ts'
import { drawNotice } from '../../../templates/documents/notice-document.ts'
import { noticeFileName } from '../../documents/notice.ts'
import { listPage } from '../../list/list-page.ts'
import { readPlace, writePlace } from '../../list/place.ts'
import { AREA_FILTERS, areaFields, positionFilter, SETTINGS, sizeOf, SPANS, USUAL } from './filters.ts'
import { theCitizen } from './signed-in.ts'

const PATH = '/area/posizioni'

/** Above this number of positions the page suggests a narrower search, because nobody reads through so many. */
const MOST_ROWS = 500

const Chosen = z.object({
  dovuti: z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.uuid()).max(100)),
})

/** The open positions of a person. Several of them can go to the cart at once. */
export function positionPages({ db, config }: AppDeps): Router {
  const router = Router()

  router.get(PATH, (req, res) => show(req, res))

  router.post(`${PATH}/carrello`, async (req, res) => {
    const citizen = theCitizen(req)
    const chosen = Chosen.safeParse(req.body ?? {})
    const dueIds = chosen.success ? await ownPositions(db, citizen.codiceFiscale, chosen.data.dovuti) : []
    if (dueIds.length === 0) return show(req, res, 'area.nothing')
    // Without a mail address the receipt could not be sent.
    if (citizen.email === undefined) return res.redirect(303, '/area/account?serve=posta')
    try {
      req.session.cartId = await db.transaction(async (trx) => {
        keepRepriced(req, await repricedDues(trx, amountsSeen(typedIn(req), dueIds)))
        return addToCart(trx, {
          cartId: req.session.cartId,
          versante: accountPerson(citizen),
          dueIds,
          language: languageOf(res),
        })
      })
    } catch (error) {
      if (!isAppError(error, 'CART_FULL') && !isAppError(error, 'CART_MIX_NOT_ALLOWED')) throw error
      return show(req, res, `area.${error.code}`)
    }
    res.redirect(303, '/carrello')
  })

  /** A ZIP with the notices of the chosen positions, for a person who pays elsewhere. */
  router.post(`${PATH}/avvisi`, async (req, res) => {
    const { codiceFiscale } = theCitizen(req)
    const chosen = Chosen.safeParse(req.body ?? {})
    const ids = chosen.success ? await ownPositions(db, codiceFiscale, chosen.data.dovuti) : []
    const notices = (await findNoticeDocuments(db, ids)).filter(({ isPrintable }) => isPrintable)
    if (notices.length === 0) return show(req, res, 'area.noNotices')
    const printedAt = now(config)
    const archive = zipOf(
      notices.map((notice) => ({
        name: noticeFileName(notice),
        bytes: () => drawNotice(notice, { ...config, printedAt }),
      })),
    )
    res.set({ 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="MYPAY_AVVISI.zip"' })
    await pipeline(archive, res.type('application/zip'))
  })

  async function show(req: Request, res: Response, problem?: string): Promise<void> {
    const t = textsFor(res)
    const { codiceFiscale } = theCitizen(req)
    const query = problem === undefined ? req.query : {}
    const { rows, view, status } = await listPage({
      t,
      href: PATH,
      query,
      filters: AREA_FILTERS,
      spans: SPANS,
      fields: areaFields(t, await filterChoices(db, codiceFiscale)),
      size: sizeOf(query),
      usual: USUAL,
      settings: SETTINGS,
      find: (values, turn) => openPositions(db, codiceFiscale, { filter: positionFilter(values), turn }),
      placeOf: (row) => writePlace(row.dueOn, row.id),
      readPlace: readPosition,
      none: t('area.positions.none'),
    })
    const count = rows[0]?.ofAll ?? 0
    const instant = now(config)
    sendPage(
      res,
      'citizen/area/positions',
      {
        title: t('area.positions.title'),
        parents: [{ text: t('area.title'), href: '/area' }],
        csrf: csrfOf(req),
        ...view,
        problem: problem === undefined ? null : t(problem),
        counted:
          count > MOST_ROWS ? t('area.tooMany', { most: MOST_ROWS }) : t('area.positions.count', { count }),
        rows: rows.map((row) => ({
          ...rowView(row),
          doubt: isDoubtful(row) ? doubtWords(t, row) : null,
          pdfHref: row.hasNotice && !isDoubtful(row) ? noticeHref(config.keys.link, row.id, instant) : null,
        })),
      },
      problem === undefined ? status : 409,
    )
  }
  return router
}

const rowView = (row: Position): object => ({
  id: row.id,
  causale: row.causale,
  enteName: row.enteName,
  dueTypeName: row.dueTypeName,
  dueOn: row.dueOn === null ? null : formatDay(row.dueOn),
  importo: formatEuro(cents(row.importoCents)),
  seen: amountInput(row.id, row.importoCents),
  isAlone: row.hasSecondary,
})

function readPosition(text: string | undefined): PositionKey | undefined {
  const place = readPlace(text)
  return place && { dueOn: place.first, id: place.id }
}
