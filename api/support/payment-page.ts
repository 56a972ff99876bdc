import type { Knex } from 'knex'
import { extraMoney, type ExtraMoney } from '../../db/anomaly/extra-money.ts'
import type { Cart } from '../../db/payment/cart.ts'
import { reportedOfCart, type ReportedPayment } from '../../db/reporting/of-payment.ts'
import { timelineOf, type TimelineEvent } from '../../db/journal/event.ts'
import { findPaymentState } from '../../db/payment/outcome.ts'
import * as support from '../../db/payment/support.ts'
import type { Processes, ProcessState } from '../../workflows/processes.ts'
import type { PaymentFacts } from '../../domain/payment/known.ts'
import type { AppConfig } from '../deps.ts'

/** Everything that support sees of a payment. */
export interface SupportPayment {
  cart: Cart
  attempts: support.SupportAttempt[]
  dues: support.SupportDue[]
  receipts: support.SupportReceipt[]
  anomalies: support.SupportAnomaly[]
  /** Money that came too often for its dues, and what people decided about it. */
  extra: ExtraMoney[]
  mails: support.SupportMail[]
  messages: support.SupportMessage[]
  timeline: TimelineEvent[]
  /** What reporting flows say of it. */
  reported: ReportedPayment[]
  process: ProcessState
  processHref: string | null
  /** The facts from which the page of the citizen states what it states. */
  facts: PaymentFacts
}

/** The longest time that the page waits for Temporal, in milliseconds. Without its answer the page shows what is in the database. */
const PROCESS_DEADLINE_MS = 1_500

export async function readPayment(
  { db, processes, config }: { db: Knex; processes: Processes; config: AppConfig },
  cart: Cart,
): Promise<SupportPayment> {
  const [attempts, dues, receipts, anomalies, extra, mails, messages, timeline, reported, process, facts] =
    await Promise.all([
      support.attemptsOfCart(db, cart.id),
      support.duesOfCart(db, cart.id),
      support.receiptsOfCart(db, cart.id),
      support.anomaliesOfCart(db, cart.id),
      extraMoney(db, null, { cartId: cart.id }),
      support.mailsOfCart(db, cart.id),
      support.messagesOfCart(db, cart.id),
      timelineOf(db, cart.id),
      reportedOfCart(db, cart.id),
      processes.paymentState(cart.id, PROCESS_DEADLINE_MS),
      findPaymentState(db, cart.id),
    ])
  const processHref = uiHref(config, processes, cart.id)
  return {
    ...{
      cart,
      attempts,
      dues,
      receipts,
      anomalies,
      extra,
      mails,
      messages,
      timeline,
      reported,
      process,
      processHref,
    },
    // A cart that exists has a state.
    facts: facts!,
  }
}

/** The address of the payment's process in the Temporal UI; null when the configuration has no such UI. */
function uiHref({ temporalUi }: AppConfig, processes: Processes, cartId: string): string | null {
  return temporalUi === undefined ? null : new URL(processes.paymentUiPath(cartId), temporalUi).href
}
