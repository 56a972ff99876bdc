import {
  ActivityFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  defineUpdate,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import { startMail } from '../start-mail.ts'
import {
  ASK_NOW,
  BEGIN,
  CANCEL,
  CITIZEN_RETURNED,
  RT_RECEIVED,
  type BeginAnswer,
  type BeginRequest,
  type CartStatus,
  type PayCartActivities,
  type PayCartInput,
  type ReceiptReceived,
  type StatusAsk,
} from './contract.ts'
import { WAKE } from '../wake.ts'

const db = proxyActivities<PayCartActivities>({
  startToCloseTimeout: '5 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '1 minute' },
})
// One attempt, because after a lost answer the process must ask for the state before it sends again.
const node = proxyActivities<PayCartActivities>({
  taskQueue: 'nodo',
  startToCloseTimeout: '45 seconds',
  heartbeatTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
})

export const begin = defineUpdate<BeginAnswer, [BeginRequest]>(BEGIN)
export const askNow = defineUpdate<CartStatus>(ASK_NOW)
export const cancel = defineUpdate<CartStatus>(CANCEL)
export const rtReceived = defineSignal<[ReceiptReceived]>(RT_RECEIVED)
export const citizenReturned = defineSignal(CITIZEN_RETURNED)
export const wake = defineSignal(WAKE)

/**
 * Begins the payment, sends the attempts, asks for outcomes, settles receipts and starts mails. Ends only when every
 * attempt has a final outcome and every receipt is settled.
 */
export async function payCart(input: PayCartInput): Promise<void> {
  const payment = new PaymentRun(input)
  setHandler(rtReceived, () => payment.tellNews())
  setHandler(wake, () => payment.tellNews())
  setHandler(citizenReturned, () => payment.tellReturn())
  setHandler(begin, (request) => payment.begin(request))
  setHandler(askNow, () => payment.ask())
  setHandler(cancel, () => payment.cancel())
  await payment.run()
  await condition(allHandlersFinished)
  if (payment.isTooLong()) await continueAsNew<typeof payCart>(input)
}

class PaymentRun {
  private readonly input: PayCartInput
  private status: CartStatus | undefined
  private beginning: Promise<BeginAnswer> | undefined
  /** Number of receipts or facts that are in the tables and that this run has not processed. */
  private news = 0
  private returned = false
  private doubts = 0
  private shown = ''

  constructor(input: PayCartInput) {
    this.input = input
  }

  tellNews(): void {
    this.news += 1
  }

  /**
   * The return of the browser proves nothing, but somebody is waiting now, so a missing receipt is requested sooner.
   */
  tellReturn(): void {
    this.returned = true
  }

  isTooLong(): boolean {
    return workflowInfo().continueAsNewSuggested && this.isLive()
  }

  async run(): Promise<void> {
    // A run started by `begin` gets the status from it; every other run loads the cart first.
    if (this.beginning) await this.beginning
    else this.learn(await db.loadCart(this.now()))
    await this.waitForBegin()
    // A receipt signalled while the last one was being settled counts as news, although the tables did not have it when
    // they were read.
    while ((this.isLive() || this.news > 0) && !workflowInfo().continueAsNewSuggested) await this.step()
  }

  private isLive(): boolean {
    return this.status !== undefined && (this.status.open > 0 || this.status.unhandled > 0)
  }

  /** A second tab gets the promise of the first one. A begin that was declined may be tried again. */
  begin(request: BeginRequest): Promise<BeginAnswer> {
    this.beginning ??= this.beginOnce(request).then((answer) => {
      if (this.status?.state === 'open') this.beginning = undefined
      return answer
    })
    return this.beginning
  }

  private async beginOnce({ replicaConfirmed }: BeginRequest): Promise<BeginAnswer> {
    const begun = await db.beginCart({ ...this.now(), replicaConfirmed })
    this.learn(begun.status)
    if (begun.kind === 'declined') return begun.answer
    if (begun.kind === 'begun') await this.look(() => node.sendCart(this.now()))
    return answerFor(this.status!)
  }

  /**
   * Here a cart of an ente's software expires and is archived. A citizen's open cart has no process; the sweep expires
   * it.
   */
  private async waitForBegin(): Promise<void> {
    while (this.status?.state === 'open') {
      const begun = await condition(() => this.status?.state !== 'open', Math.max(this.status.openFor, 1))
      if (!begun) this.learn(await db.expireCart(this.now()))
    }
    if (this.status?.state !== 'expired' || this.status.kind !== 'ente') return
    await condition(() => false, this.input.abandon.archiveAfter - this.input.abandon.expireAfter)
    this.learn(await db.archiveCart(this.now()))
  }

  private async step(): Promise<void> {
    if (this.news > 0 || this.status!.unhandled > 0) return this.settle()
    // A silent node does not mean an unpaid cart, so the process asks until it answers.
    await condition(() => this.news > 0 || this.returned, this.status!.lookIn)
    if (this.returned) await this.waitAfterReturn()
    if (this.news === 0) await this.ask()
  }

  private async waitAfterReturn(): Promise<void> {
    this.returned = false
    await condition(() => this.news > 0, Math.min(this.input.chase.afterReturn, this.status!.lookIn))
  }

  private async settle(): Promise<void> {
    this.news = 0
    this.learn(await db.settleCart(this.now()))
    await this.handOnMails()
  }

  async ask(): Promise<CartStatus> {
    await this.look(() => node.askOutcomes(this.now()))
    return this.status!
  }

  async cancel(): Promise<CartStatus> {
    this.learn(await db.cancelCart(this.now()))
    return this.status!
  }

  /** Asking the node may fail in any way. That means "unknown", and the next look comes by itself. */
  private async look(effect: () => Promise<CartStatus>): Promise<void> {
    try {
      this.learn(await effect())
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error
      log.warn('node unanswered', { cartId: this.input.cartId })
      this.learn(await db.loadCart(this.now()))
    }
    this.doubts = this.status!.isWaitedFor ? this.doubts + 1 : 0
  }

  private learn(status: CartStatus): void {
    this.status = status
    const shown = JSON.stringify([status.state, status.iuv, status.attention !== null])
    if (shown === this.shown || status.iuv === null) return
    this.shown = shown
    upsertSearchAttributes({
      State: [status.state],
      Iuv: [status.iuv],
      ...(status.enteId === null ? {} : { EnteId: [status.enteId] }),
      NeedsAttention: [status.attention !== null],
    })
  }

  /** Mails are independent processes, so that a mail server that is down keeps no payment open. */
  private async handOnMails(): Promise<void> {
    for (const mailId of this.status!.mailIds) await startMail(mailId, this.input.mail)
  }

  private now(): StatusAsk {
    const { cartId, chase, abandon } = this.input
    return { cartId, chase, abandon, now: Date.now(), doubts: this.doubts }
  }
}

function answerFor(status: CartStatus): BeginAnswer {
  if (status.state !== 'requested')
    return status.faultCode === null
      ? { kind: 'closed', state: status.state }
      : { kind: 'refused', faultCode: status.faultCode }
  return status.url === null ? { kind: 'waiting' } : { kind: 'redirect', url: status.url }
}
