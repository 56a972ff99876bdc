import { randomUUID } from 'node:crypto'
import { nowIso, type Context } from '../context.ts'
import { keyOf } from '../world/facts.ts'
import type { ReadRpt } from './rpt-checks.ts'

type Sent = { operation: string; broker: string; station: string; idCart?: string; rpts: ReadRpt[] }

const PARKED = ['RPT_RICEVUTA_NODO', 'RPT_ACCETTATA_NODO', 'RPT_PARCHEGGIATA_NODO']
const PARKED_AT_PSP = [...PARKED.slice(0, 2), 'RPT_PARCHEGGIATA_NODO_MOD3']

/** Accepts all RPTs in one fact and opens the payer's session for them. Returns the id of the session. */
export function accept(context: Context, { rpts, ...sent }: Sent, moreStates: string[]): string {
  const idSession = randomUUID()
  const states = rpts[0]?.rpt.kind === 'PO' ? PARKED_AT_PSP : PARKED
  context.world.record({
    type: 'accepted',
    at: nowIso(context),
    idSession,
    ...sent,
    rpts: rpts.map(({ domain, iuv, ccp, rpt, xml }) => ({ domain, iuv, ccp, cents: rpt.cents, xml })),
    states: [...states, ...moreStates],
  })
  return idSession
}

/**
 * Records that the node refused a document, which nodoChiediStatoRPT then reports. An accepted RPT is never
 * overwritten.
 */
export function noteRefusal(
  context: Context,
  key: ReadRpt | { domain: string; iuv: string; ccp: string },
  code: string,
): void {
  if (context.world.rpts.has(keyOf(key))) return
  const { domain, iuv, ccp } = key
  context.world.record({ type: 'refused', at: nowIso(context), domain, iuv, ccp, code })
}

export function payUrl(context: Context, idSession: string): string {
  return `${context.url}/psp/paga?idSession=${idSession}`
}
