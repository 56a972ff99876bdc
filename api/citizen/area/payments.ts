import { Router } from 'express'
import { filterChoices, ownPayments, type OwnPayment, type PaymentKey } from '../../../db/citizen/area.ts'
import { formatInstant } from '../../../domain/calendar.ts'
import { stageOf } from '../../../domain/payment/known.ts'
import { cents, formatEuro, sumCents } from '../../../domain/money.ts'
import { stateChip } from '../../../templates/chip.ts'
import type { Texts } from '../../../templates/language.ts'
import { stageWords } from '../../../templates/money.ts'
import { receiptHref } from '../../../templates/signed-link.ts'
import type { KeyRing } from '../../../templates/signature.ts'
import { now, type AppDeps } from '../../deps.ts'
import { sendPage, textsFor } from '../../page/page.ts'
import { oneOf } from '../../list/filters.ts'
import { listPage } from '../../list/list-page.ts'
import { readPlace, writePlace } from '../../list/place.ts'
import { AREA_FILTERS, areaFields, positionFilter, SETTINGS, sizeOf, SPANS, USUAL } from './filters.ts'
import { theCitizen } from './signed-in.ts'

const PATH = '/area/pagamenti'
const STATES = ['requested', 'paid', 'partially_paid', 'not_paid', 'timed_out']

/** The payments that a person has made, and those of other people for dues of this person, with the receipts. */
export function ownPaymentPages({ db, config }: AppDeps): Router {
  const router = Router()
  router.get(PATH, async (req, res) => {
    const t = textsFor(res)
    const { codiceFiscale } = theCitizen(req)
    const { rows, view, status } = await listPage({
      t,
      href: PATH,
      query: req.query,
      filters: { ...AREA_FILTERS, stato: oneOf(STATES) },
      spans: SPANS,
      fields: areaFields(t, await filterChoices(db, codiceFiscale), STATES),
      size: sizeOf(req.query),
      usual: USUAL,
      settings: SETTINGS,
      find: (values, turn) =>
        ownPayments(db, codiceFiscale, {
          filter: { ...positionFilter(values), state: values.stato },
          turn,
        }),
      placeOf: (row) => writePlace(row.begunAt, row.id),
      readPlace: readBegun,
      none: t('area.payments.none'),
    })
    sendPage(
      res,
      'citizen/area/payments',
      {
        title: t('area.payments.title'),
        parents: [{ text: t('area.title'), href: '/area' }],
        ...view,
        rows: rows.map((row) => paymentRow(t, row, { keys: config.keys.link, now: now(config) })),
      },
      status,
    )
  })
  return router
}

function readBegun(text: string | undefined): PaymentKey | undefined {
  const place = readPlace(text)
  return place?.first == null ? undefined : { begunAt: place.first, id: place.id }
}

export function paymentRow(t: Texts, row: OwnPayment, links: { keys: KeyRing; now: string }): object {
  return {
    // Only the versante may open the page of the payment; a pagatore gets the receipts of his own dues.
    href: row.isPayer ? `/pagamenti/${row.id}` : null,
    state: stateChip('stage', stageOf(row), stageWords(t, row)),
    begunAt: formatInstant(row.begunAt),
    byOther: !row.isPayer,
    total: formatEuro(sumCents(row.lines.map((line) => cents(line.importoCents)))),
    lines: row.lines.map((line) => ({ ...line, importo: formatEuro(cents(line.importoCents)) })),
    receipts: row.receipts.map((receipt) => ({
      href: receiptHref(links.keys, receipt.receiptId, links.now),
      text: t('area.receipt', { ente: receipt.enteName, importo: formatEuro(cents(receipt.totalCents)) }),
    })),
  }
}
