import { barrierName } from '../behaviour/behaviours.ts'
import { Overtaking, pause } from '../behaviour/waiting.ts'
import { nowIso, type Context } from '../context.ts'
import type { RtRecord } from '../world/records.ts'
import { postRt, sha256 } from './post-rt.ts'
import { bytesOf } from './written.ts'

const OPERATION = 'paaInviaRT'
const OVERTAKE_MS = 2_000

/** Delivers receipts to the station: at their time, and again after a failure, until accepted, refused or given up. */
export class Deliveries {
  private readonly context: Context
  private readonly timers = new Map<string, NodeJS.Timeout>()
  private readonly overtaking = new Overtaking()
  private readonly running = new Set<Promise<void>>()

  constructor(context: Context) {
    this.context = context
  }

  /** Continues the deliveries that a killed run left undone. */
  resume(): void {
    for (const rt of this.context.world.rts.values()) if (rt.status === 'waiting') this.schedule(rt)
  }

  schedule(rt: RtRecord): void {
    if (rt.status !== 'waiting' || this.timers.has(rt.id)) return
    const dueIn = Date.parse(rt.pushAt ?? '') - this.context.now().getTime()
    this.later(rt, Math.max(0, dueIn || 0))
  }

  /**
   * Sends now, whatever was planned, and waits for the answer. For the button of the page, and for receipts before the
   * redirect.
   */
  async sendNow(rt: RtRecord): Promise<void> {
    clearTimeout(this.timers.get(rt.id))
    this.timers.delete(rt.id)
    await this.deliver(rt)
  }

  /** Cancels all planned deliveries. One that is already on its way finds its RT gone and records nothing. */
  forget(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
  }

  async stop(): Promise<void> {
    this.forget()
    await Promise.allSettled(this.running)
  }

  private later(rt: RtRecord, ms: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(rt.id)
      void this.deliver(rt)
    }, ms)
    this.timers.set(rt.id, timer)
  }

  private deliver(rt: RtRecord): Promise<void> {
    const isFirst = rt.tries === 0
    const copies = Array.from({ length: isFirst ? rt.copies : 0 }, () => true)
    const work = rt.parallel ? this.together(rt, copies) : this.oneByOne(rt, copies)
    this.running.add(work)
    return work.finally(() => this.running.delete(work))
  }

  private async together(rt: RtRecord, copies: boolean[]): Promise<void> {
    await Promise.all([this.attempt(rt, false), ...copies.map((isCopy) => this.attempt(rt, isCopy))])
  }

  private async oneByOne(rt: RtRecord, copies: boolean[]): Promise<void> {
    await this.attempt(rt, false)
    for (const isCopy of copies) await this.attempt(rt, isCopy)
  }

  private async attempt(rt: RtRecord, isCopy: boolean): Promise<void> {
    const { context } = this
    const { domain, iuv, ccp } = rt.header
    const rule = context.behaviours.first(OPERATION, { domain, iuv, ccp })
    if (rule?.kind === 'slow') await pause(rule.pauseMs ?? OVERTAKE_MS, context.closing)
    if (rule?.kind === 'reorder')
      await this.overtaking.wait(OPERATION, rule.pauseMs ?? OVERTAKE_MS, context.closing)
    if (rule?.kind === 'barrier') await context.behaviours.barriers.hold(barrierName(rule), context.closing)
    if (this.isOver(rt)) return
    const { verdict, ...posted } = await postRt(context, rt, rule)
    this.overtaking.passed(OPERATION)
    if (this.isOver(rt)) return
    const retryIn = verdict.isRetried ? context.behaviours.settings.rtRetryMs[rt.tries] : undefined
    context.world.record({
      type: 'reply',
      at: nowIso(context),
      operation: OPERATION,
      rt: rt.id,
      key: { domain, iuv, ccp },
      ...posted,
      rtSha256: sha256(bytesOf(rt)),
      outcome: verdict.outcome,
      ...(verdict.faultCode === undefined ? {} : { faultCode: verdict.faultCode }),
      state: verdict.state,
      final: retryIn === undefined,
      copy: isCopy,
    })
    if (retryIn !== undefined && !isCopy && rt.status === 'waiting') this.later(rt, retryIn)
  }

  /** A reset may empty the world while an answer is on its way, and a closing simulator has no journal any more. */
  private isOver(rt: RtRecord): boolean {
    return this.context.closing.aborted || !this.context.world.rts.has(rt.id)
  }
}
