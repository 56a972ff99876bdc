import { Router } from 'express'
import { openPositions, ownPayments } from '../../../db/citizen/area.ts'
import { firstRows } from '../../../db/ground/turn.ts'
import { formatDay } from '../../../domain/calendar.ts'
import { cents, formatEuro } from '../../../domain/money.ts'
import { now, type AppDeps } from '../../deps.ts'
import { sendPage, textsFor } from '../../page/page.ts'
import { paymentRow } from './payments.ts'
import { theCitizen } from './signed-in.ts'

/** How many positions and how many payments the page shows. */
const LATEST = 5

/** The first page of the personal area: the latest open positions and payments. */
export function areaHome({ db, config }: AppDeps): Router {
  const router = Router()
  router.get('/area', async (req, res) => {
    const t = textsFor(res)
    const { codiceFiscale, anagrafica } = theCitizen(req)
    const latest = { filter: {}, turn: firstRows(LATEST) }
    const positions = await openPositions(db, codiceFiscale, latest)
    const payments = await ownPayments(db, codiceFiscale, latest)
    sendPage(res, 'citizen/area/home', {
      title: t('area.title'),
      name: anagrafica,
      positions: positions.map((row) => ({
        causale: row.causale,
        enteName: row.enteName,
        dueOn: row.dueOn === null ? null : formatDay(row.dueOn),
        importo: formatEuro(cents(row.importoCents)),
      })),
      payments: payments.map((row) => paymentRow(t, row, { keys: config.keys.link, now: now(config) })),
    })
  })
  return router
}
