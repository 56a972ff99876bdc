import { randomUUID } from 'node:crypto'
import { DateTime } from 'luxon'
import type { Rpt } from '../node/rpt.ts'
import type { RtHeader } from '../world/facts.ts'

export type PaidItem = {
  cents: number
  outcome: string
  iur: string
  causale: string
  category: string
}

/** A receipt before it is written, in the form that mutations change. */
export type Receipt = {
  header: RtHeader
  domain: string
  iuv: string
  ccp: string
  messageId: string
  /** Local time of Rome without a zone. */
  messageAt: string
  reference: string
  referenceOn: string
  code: number
  cents: number
  items: PaidItem[]
  rpt: Rpt
  /** An unexpected element at the end, to break the schema. */
  extra?: string
}

/** The paid cents of an item by codiceEsitoPagamento, 0 to 4. */
const PAID_BY_CODE: Record<number, (cents: number, index: number, count: number) => number> = {
  0: (cents) => cents,
  1: () => 0,
  2: partly,
  3: () => 0,
  4: partly,
}

/** An honest receipt for one RPT. Amounts in cents. */
export function makeReceipt(rpt: Rpt, header: RtHeader, code: number, now: Date): Receipt {
  const rome = DateTime.fromJSDate(now, { zone: 'Europe/Rome' })
  const items = rpt.items.map(({ cents, causale, category }, index) => {
    const paid = (PAID_BY_CODE[code] ?? PAID_BY_CODE[1]!)(cents, index, rpt.items.length)
    const iur = paid > 0 ? newId('IUR') : 'n/a'
    return { cents: paid, outcome: paid > 0 ? 'ESEGUITO' : 'NON ESEGUITO', iur, causale, category }
  })
  return {
    header,
    domain: rpt.domain,
    iuv: rpt.iuv,
    ccp: rpt.ccp,
    messageId: newId('RT'),
    messageAt: rome.toFormat("yyyy-MM-dd'T'HH:mm:ss"),
    reference: rpt.messageId,
    referenceOn: rpt.messageAt.slice(0, 10),
    code,
    cents: items.reduce((total, item) => total + item.cents, 0),
    items,
    rpt,
  }
}

/** Pays all items except the first; a single item is paid by half. */
function partly(cents: number, index: number, count: number): number {
  if (count === 1) return Math.max(1, Math.trunc(cents / 2))
  return index === 0 ? 0 : cents
}

/** A unique id of at most 35 characters. */
function newId(prefix: string): string {
  return `${prefix}${randomUUID().replaceAll('-', '').slice(0, 30)}`
}
