import type { Response } from 'express'
import type { Anomaly } from '../../db/anomaly/anomalies.ts'
import type { AnomalyReceipt } from '../../db/anomaly/receipts.ts'
import { formatInstant } from '../../domain/calendar.ts'
import type { AnomalyKind } from '../../domain/payment/model.ts'
import { dayText, euro } from '../../templates/format.ts'
import { t } from '../../templates/language.ts'
import type { Desk } from './desk.ts'

/** The anomalies that are about two receipts, of which the page shows both. */
const OF_TWO: readonly AnomalyKind[] = ['duplicate', 'different_receipt']

export const isOfTwo = ({ kind }: Anomaly): boolean => OF_TWO.includes(kind)

/** A row of the table of receipts. */
export const receiptView = (
  receipt: AnomalyReceipt,
  { desk, res, anomaly }: { desk: Desk; res: Response; anomaly: Anomaly },
) => ({
  which: t(`anomaly.receipts.${receipt.isOnDue ? 'onDue' : 'came'}`),
  paidOn: receipt.paidOn === null ? '–' : dayText(receipt.paidOn),
  receivedAt: formatInstant(receipt.receivedAt),
  psp: receipt.psp ?? '–',
  iuv: receipt.iuv,
  importo: receipt.totalCents === null ? '–' : euro(receipt.totalCents),
  href: desk.receiptHref(res, anomaly, receipt),
})
