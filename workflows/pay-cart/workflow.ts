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
import { named, tell } from '../words.ts'

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

/** The durable process of one cart. Its story is `PaymentRun.run`; these are the ways in which others take part in it. */
export async function payCart(input: PayCartInput): Promise<void> {
  const payment = new PaymentRun(input)
  setHandler(begin, (request) => payment.begin(request))
  setHandler(rtReceived, () => payment.noteNews())
  setHandler(wake, () => payment.noteNews())
  setHandler(citizenReturned, () => payment.noteReturn())
  setHandler(askNow, () => payment.askOutcomes())
  setHandler(cancel, () => payment.cancel())
  await payment.run()
  await condition(allHandlersFinished)
  if (payment.isTooLong()) await continueAsNew<typeof payCart>(input)
}

/** What a run knows before it has read its cart. */
const NOT_READ: CartStatus = {
  state: 'open',
  kind: 'citizen',
  open: 0,
  unhandled: 0,
  isWaitedFor: false,
  url: null,
  faultCode: null,
  attention: null,
  lookIn: 1,
  openFor: 0,
  mailIds: [],
  enteId: null,
  iuv: null,
}

class PaymentRun {
  private readonly input: PayCartInput
  private status = NOT_READ
  private isRead = false
  /** Requests to begin that wait for their answer. All of them get the answer that the first one gets. */
  private requests: BeginRequest[] = []
  private answer: BeginAnswer = { kind: 'waiting' }
  private answered = 0
  /** Receipts or facts that are in the tables and that this run has not processed. */
  private news = 0
  private hasReturned = false
  private doubts = 0
  private shown = ''

  constructor(input: PayCartInput) {
    this.input = input
  }

  /**
   * Begin, attempts, PSP, receipts, mails. Ends when every attempt has a final outcome and every receipt is settled; a run that is
   * started later finds its place in the tables.
   */
  async run(): Promise<void> {
    if (this.requests.length === 0) this.learn(await db.loadCart(this.now()))
    while (this.status.state === 'open') {
      if (await this.isRequested()) await this.makeAttemptsAndSend(this.requests[0]!)
      else if (this.status.state === 'open') this.learn(await db.expireCart(this.now()))
    }
    this.answerAll(answerFor(this.status))
    if (this.isAbandoned()) await this.archive()
    while (this.hasWork() && !workflowInfo().continueAsNewSuggested) {
      if (this.hasReceipts() || (await this.receiptCameInTime())) {
        await this.settleReceipts()
        await this.startMails()
      } else await this.askOutcomes()
    }
  }

  /** The update `begin`: "Paga" was pressed. */
  async begin(request: BeginRequest): Promise<BeginAnswer> {
    if (this.isRead && this.status.state !== 'open') return answerFor(this.status)
    const before = this.answered
    this.requests.push(request)
    await condition(() => this.answered > before)
    return this.answer
  }

  /** Something was stored: a receipt, or what the sweep found. */
  noteNews(): void {
    this.news += 1
  }

  /** The return of the browser proves nothing, but somebody is waiting now, so a missing receipt is requested sooner. */
  noteReturn(): void {
    this.hasReturned = true
  }

  async askOutcomes(): Promise<CartStatus> {
    await this.look(() => node.askOutcomes(this.now()))
    return this.status
  }

  async cancel(): Promise<CartStatus> {
    this.learn(await db.cancelCart(this.now()))
    return this.status
  }

  isTooLong(): boolean {
    return workflowInfo().continueAsNewSuggested && this.isLive()
  }

  /** Waits for a request to begin, for as long as the cart stays open. */
  private async isRequested(): Promise<boolean> {
    const isDecided = () => this.requests.length > 0 || (this.isRead && this.status.state !== 'open')
    if (!isDecided()) await condition(isDecided, Math.max(this.status.openFor, 1), named(this.status.words))
    return this.requests.length > 0
  }

  private async makeAttemptsAndSend({ replicaConfirmed }: BeginRequest): Promise<void> {
    const begun = await db.beginCart({ ...this.now(), replicaConfirmed })
    this.learn(begun.status)
    if (begun.kind === 'begun') await this.look(() => node.sendCart(this.now()))
    this.answerAll(begun.kind === 'declined' ? begun.answer : answerFor(this.status))
  }

  private answerAll(answer: BeginAnswer): void {
    this.answer = answer
    this.requests = []
    this.answered += 1
  }

  /** A cart of an ente's software is archived by its process; an expired cart of a citizen is left to the sweep. */
  private isAbandoned(): boolean {
    return this.status.state === 'expired' && this.status.kind === 'ente'
  }

  private async archive(): Promise<void> {
    const { archiveAfter, expireAfter } = this.input.abandon
    await condition(() => false, archiveAfter - expireAfter, named(this.status.words))
    this.learn(await db.archiveCart(this.now()))
  }

  private isLive(): boolean {
    return this.status.open > 0 || this.status.unhandled > 0
  }

  /** A receipt that was signalled while the last one was being settled counts as news, because the tables did not have it then. */
  private hasWork(): boolean {
    return this.isLive() || this.news > 0
  }

  private hasReceipts(): boolean {
    return this.news > 0 || this.status.unhandled > 0
  }

  /** Waits until the next look. A silent node does not mean an unpaid cart, so the process asks until it answers. */
  private async receiptCameInTime(): Promise<boolean> {
    const { lookIn, words } = this.status
    await condition(() => this.news > 0 || this.hasReturned, lookIn, named(words))
    if (this.hasReturned) await this.waitAfterReturn()
    return this.news > 0
  }

  private async waitAfterReturn(): Promise<void> {
    this.hasReturned = false
    const { lookIn, words } = this.status
    const returned = words?.returned === undefined ? words : { now: words.returned }
    tell(returned)
    await condition(() => this.news > 0, Math.min(this.input.chase.afterReturn, lookIn), named(returned))
  }

  private async settleReceipts(): Promise<void> {
    this.news = 0
    this.learn(await db.settleCart(this.now()))
  }

  /** Mails are independent processes, so that a mail server that is down keeps no payment open. */
  private async startMails(): Promise<void> {
    for (const mailId of this.status.mailIds) await startMail(mailId, this.input.mail, this.status.words)
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
    this.doubts = this.status.isWaitedFor ? this.doubts + 1 : 0
  }

  private learn(status: CartStatus): void {
    this.status = status
    this.isRead = true
    tell(status.words)
    const needsAttention = status.attention !== null || (status.unplacedCents ?? 0) > 0
    const shown = JSON.stringify([status.state, status.iuv, needsAttention])
    if (shown === this.shown || status.iuv === null) return
    this.shown = shown
    upsertSearchAttributes({
      State: [status.state],
      Iuv: [status.iuv],
      ...(status.enteId === null ? {} : { EnteId: [status.enteId] }),
      NeedsAttention: [needsAttention],
    })
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
