import { keysOf } from '../table.ts'

/**
 * One payment as the old product of reconciliation compared it. Amounts in cents; null where there is none. Rows of code 3 are left out.
 * Source: docs/field/reporting.md#old-classes.
 */
export interface ComparedPayment {
  /** What the ente loaded by itself, and so had been told of; null for a spontaneous due. */
  notified: number | null
  /** The item of its receipt, and the total of the receipt. */
  receipt: { cents: number; totalCents: number } | null
  /** Its row in a flow, the total that the flow declares, and what the bank credited for that flow. */
  row: { cents: number; flowCents: number; creditedCents: number | null } | null
  /** What the bank credited for its IUV alone. */
  creditedCents: number | null
  /** Its IUV and index have several payments, or its IUV and amount have the codes 0 and 9. */
  isDoubled: boolean
}

/** What an ente does not have at all has no class. */
export interface Compared {
  hasTreasury: boolean
  hasNotifications: boolean
}

/** In the order in which pages look for the first. */
const CLASSES = {
  IUV_NO_RT: ({ row, receipt }) => row !== null && receipt === null,
  RT_NO_IUF: (payment) => payment.receipt !== null && !isReported(payment) && payment.creditedCents === null,
  IUD_RT_IUF_TES: (payment) => isNotified(payment) && (isCreditedByFlow(payment) || isCreditedAlone(payment)),
  RT_IUF_TES: (payment) => isCreditedByFlow(payment),
  RT_TES: (payment) => payment.row === null && isCreditedAlone(payment),
  IUD_RT_IUF: (payment) => isNotified(payment) && isReported(payment),
  RT_IUF: (payment) => isReported(payment),
  IUD_NO_RT: (payment) => payment.notified !== null && !isNotified(payment),
  RT_NO_IUD: ({ receipt, notified }) => receipt !== null && notified === null,
  DOPPI: ({ isDoubled }) => isDoubled,
} as const satisfies Record<string, (payment: ComparedPayment) => boolean>

export type PivotClass = keyof typeof CLASSES

/** Every class whose condition holds. There is no tolerance. */
export const pivotClasses = (payment: ComparedPayment, has: Compared): PivotClass[] =>
  keysOf(CLASSES).filter((name) => CLASSES[name](payment) && isKept(name, has))

const isKept = (name: PivotClass, { hasTreasury, hasNotifications }: Compared): boolean =>
  (hasTreasury || !name.includes('TES')) && (hasNotifications || !name.includes('IUD'))

const isNotified = ({ notified, receipt }: ComparedPayment): boolean =>
  notified !== null && notified === receipt?.cents

const isReported = ({ receipt, row }: ComparedPayment): boolean =>
  receipt !== null && receipt.cents === row?.cents

const isCreditedByFlow = (payment: ComparedPayment): boolean =>
  isReported(payment) && payment.row?.flowCents === payment.row?.creditedCents

const isCreditedAlone = ({ receipt, creditedCents }: ComparedPayment): boolean =>
  receipt !== null && receipt.totalCents === creditedCents
