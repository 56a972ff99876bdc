import { WorkflowNotFoundError } from '@temporalio/client'
import type { Knex } from 'knex'
import type { Cart } from '../../db/cart.ts'
import { timelineOf, type TimelineEvent } from '../../db/event.ts'
import * as support from '../../db/support.ts'
import { PAY_CART } from '../../workflows/pay-cart/contract.ts'
import type { AppConfig, PageProcesses } from '../deps.ts'

/** Everything support sees of a payment, read at once. */
export interface SupportPayment {
  cart: Cart
  attempts: support.SupportAttempt[]
  dues: support.SupportDue[]
  receipts: support.SupportReceipt[]
  anomalies: support.SupportAnomaly[]
  mails: support.SupportMail[]
  messages: support.SupportMessage[]
  timeline: TimelineEvent[]
  process: ProcessState
  processHref: string | null
}

export type ProcessState = 'running' | 'ended' | 'none' | 'unknown'

export async function readPayment(
  { db, processes, config }: { db: Knex; processes: PageProcesses; config: AppConfig },
  cart: Cart,
): Promise<SupportPayment> {
  const [attempts, dues, receipts, anomalies, mails, messages, timeline, process] = await Promise.all([
    support.attemptsOfCart(db, cart.id),
    support.duesOfCart(db, cart.id),
    support.receiptsOfCart(db, cart.id),
    support.anomaliesOfCart(db, cart.id),
    support.mailsOfCart(db, cart.id),
    support.messagesOfCart(db, cart.id),
    timelineOf(db, cart.id),
    processState(processes, cart.id),
  ])
  const processHref = uiHref(config, processes, cart.id)
  return { cart, attempts, dues, receipts, anomalies, mails, messages, timeline, process, processHref }
}

/** The page is for bad days: without Temporal it shows what the tables know. */
const PROCESS_DEADLINE_MS = 1_500

async function processState({ client }: PageProcesses, cartId: string): Promise<ProcessState> {
  try {
    const { status } = await client.withDeadline(Date.now() + PROCESS_DEADLINE_MS, () =>
      client.workflow.getHandle(PAY_CART.id(cartId)).describe(),
    )
    return status.name === 'RUNNING' ? 'running' : 'ended'
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? 'none' : 'unknown'
  }
}

function uiHref({ temporalUi }: AppConfig, { client }: PageProcesses, cartId: string): string | null {
  if (temporalUi === undefined) return null
  const path = `/namespaces/${client.options.namespace}/workflows/${encodeURIComponent(PAY_CART.id(cartId))}`
  return new URL(path, temporalUi).href
}
