import type { Context } from '../context.ts'
import type { Choice } from '../world/facts.ts'
import type { RptRecord, Session } from '../world/records.ts'
import { decide, decideByHand } from './decide.ts'
import type { Deliveries } from './deliveries.ts'

const SWEEP_MS = 250

/** Makes the choices of payers, including those who pay later or never come back. */
export class Sessions {
  private readonly context: Context
  private readonly deliveries: Deliveries
  private readonly postponed = new Set<Session>()
  private readonly sweeper: NodeJS.Timeout

  constructor(context: Context, deliveries: Deliveries) {
    this.context = context
    this.deliveries = deliveries
    this.sweeper = setInterval(() => this.sweep(), SWEEP_MS)
    this.sweeper.unref()
    for (const session of context.world.sessions.values()) if (session.dueAt) this.postponed.add(session)
  }

  /**
   * Records the money first and then sends the receipts. Resolves when the payer may go back: with `before_redirect`
   * only after the receipts were delivered.
   */
  async choose(session: Session, choice: Choice): Promise<Session> {
    const { rts, beforeRedirect } = decide(this.context, session, choice)
    if (session.dueAt === undefined) this.postponed.delete(session)
    else this.postponed.add(session)
    for (const rt of rts) {
      if (beforeRedirect) await this.deliveries.sendNow(rt)
      else this.deliveries.schedule(rt)
    }
    return session
  }

  /** Makes one more receipt for one RPT and sends it now. */
  async addReceipt(rpt: RptRecord, code: number): Promise<void> {
    for (const rt of decideByHand(this.context, rpt, code)) await this.deliveries.sendNow(rt)
  }

  reset(): void {
    this.postponed.clear()
  }

  stop(): void {
    clearInterval(this.sweeper)
  }

  private sweep(): void {
    const now = this.context.now().getTime()
    for (const session of this.postponed) {
      if (Date.parse(session.dueAt ?? '') <= now) void this.choose(session, 'OK')
    }
    const { abandonedMs } = this.context.behaviours.settings
    for (const session of abandonedMs > 0 ? this.context.world.open.values() : []) {
      if (Date.parse(session.openedAt) + abandonedMs > now) break // oldest first, so the others are younger
      void this.choose(session, 'ABANDONED')
    }
  }
}

/**
 * The address to which the payer's browser goes back: the station's redirect URL. Source: redirect contract of model 1.
 */
export function returnUrl(context: Context, session: Session, esito: string): string {
  const url = new URL(context.returnUrl)
  const domain = session.rpts[0]?.split('|')[0]
  // The ente is named only for an RPT that was sent alone.
  if (session.idCart === undefined && domain !== undefined) url.searchParams.set('idDominio', domain)
  url.searchParams.set('idSession', session.idSession)
  url.searchParams.set('esito', esito)
  return url.href
}
