import { Router } from 'express'
import { filterChoices, ownPayments, type OwnPayment } from '../../../db/citizen/area.ts'
import { formatInstant } from '../../../domain/calendar.ts'
import { cents, formatEuro, sumCents } from '../../../domain/money.ts'
import type { Texts } from '../../../templates/language.ts'
import { stageWords } from '../../../templates/money.ts'
import { receiptHref } from '../../../templates/signed-link.ts'
import type { KeyRing } from '../../../templates/signature.ts'
import { now, type AppDeps } from '../../deps.ts'
import { sendPage, textsFor } from '../../page/page.ts'
import { filterFields } from './filter-view.ts'
import { Filters, nextHref, readKey, writeKey } from '../../list/query.ts'
import { theCitizen } from './signed-in.ts'

const PATH = '/area/pagamenti'
const STATES = ['requested', 'paid', 'partially_paid', 'not_paid', 'timed_out']

/** What a person paid, or others paid for him, with the receipts. */
export function ownPaymentPages({ db, config }: AppDeps): Router {
  const router = Router()
  router.get(PATH, async (req, res) => {
    const t = textsFor(res)
    const { codiceFiscale } = theCitizen(req)
    const { righe: limit, dopo, stato: state, ...filter } = Filters.parse(req.query)
    const key = readKey(dopo)
    const after = key?.first == null ? undefined : { begunAt: key.first, id: key.id }
    const found = await ownPayments(db, codiceFiscale, {
      filter: { ...filter, state },
      after,
      limit: limit + 1,
    })
    const rows = found.slice(0, limit)
    const last = found.length > limit ? rows.at(-1) : undefined
    const choices = await filterChoices(db, codiceFiscale)
    sendPage(res, 'citizen/area/payments', {
      title: t('area.payments.title'),
      fields: filterFields(t, { ...req.query, righe: String(limit) }, choices, STATES),
      rows: rows.map((row) => paymentRow(t, row, { keys: config.keys.link, now: now(config) })),
      next: last ? nextHref(PATH, req.query, writeKey(last.begunAt, last.id)) : null,
    })
  })
  return router
}

export function paymentRow(t: Texts, row: OwnPayment, links: { keys: KeyRing; now: string }): object {
  return {
    // The page of the payment is the payer's; to others the receipts of their dues.
    href: row.isPayer ? `/pagamenti/${row.id}` : null,
    state: stageWords(t, row),
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
