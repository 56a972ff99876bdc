import type { Response } from 'express'
import type { Anomaly, AnomalyReader } from '../../db/anomaly/anomalies.ts'
import type { AnomalyReceipt } from '../../db/anomaly/receipts.ts'

/** Where people work on anomalies: the desk of the region, or the one of an ente. Both have the same pages. */
export interface Desk {
  /** The route of the list: '/supporto/anomalie'. */
  path: string
  href(res: Response): string
  reader(res: Response): AnomalyReader
  /** The values that the layout needs. */
  frame(res: Response): Record<string, unknown>
  /** True where persons are masked. */
  isMasked: boolean
  /** The page of the payment or the due; null when this desk has none. */
  aboutHref(res: Response, anomaly: Anomaly): string | null
  dueHref(res: Response, anomaly: Anomaly, dueId: string): string
  /** The page or document of a receipt; null when this person may open none. */
  receiptHref(res: Response, anomaly: Anomaly, receipt: AnomalyReceipt): string | null
  /** The address that asks the node for the outcome; null when there is nothing to ask about. */
  askHref(res: Response, anomaly: Anomaly): string | null
  /** The page of the reported payment that raised it; null where this desk has none. */
  reportedHref(res: Response, anomaly: Anomaly): string | null
  /** The address of the form that asks for mails, and whether this person gets them; null where there are none. */
  mails(res: Response): Promise<{ action: string; isOn: boolean } | null>
  /** Stores in the register of accesses that the person sees the anomaly. */
  trace(res: Response, anomaly: Anomaly): Promise<void>
}
