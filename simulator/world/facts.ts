import type { Written } from '../psp/written.ts'

/** One payment request, named as the whole field names it. */
export type RptKey = { domain: string; iuv: string; ccp: string }

/** An RPT as it was accepted; `xml` is the document the ente's broker sent, decoded. */
export type SentRpt = RptKey & { cents: number; xml: string }

/** Money a PSP really took, in cents. */
export type Payment = RptKey & { cents: number; iur: string; at: string }

/** Where a receipt goes: the header of paaInviaRT, which a misbehaving node may get wrong. */
export type RtHeader = RptKey & { broker: string; station: string }

export type RtDocument = Written & {
  id: string
  /** `keyOf` of the RPT it answers, even when the document names another one. */
  rpt: string
  header: RtHeader
  code: number
  cents: number
  /** The one nodoChiediCopiaRT hands out; a misbehaving extra is not. */
  genuine: boolean
  /** ISO instant of the first push; absent: given only when asked for. */
  pushAt?: string
  copies: number
  parallel: boolean
}

export type Moves = { rpt: string; states: string[] }[]

/** What the payer did on the PSP page, or what happened without him. */
export type Choice = 'OK' | 'KO' | 'EXIT' | 'DIFFERITO' | 'ABANDONED' | 'BY_HAND'

export type ReplyOutcome =
  'OK' | 'KO' | 'invalid' | 'http_error' | 'timeout' | 'unreachable' | 'hung_up' | 'dropped'

/**
 * Everything that happened outside the product. The journal is a list of these
 * and the world is what they add up to: a restart replays them and forgets nothing.
 * One fact is one line, so a cart or a payment of several RPTs is never half there.
 */
export type Fact =
  | {
      type: 'accepted'
      at: string
      idSession: string
      operation: string
      idCart?: string
      broker: string
      station: string
      rpts: SentRpt[]
      states: string[]
    }
  | ({ type: 'refused'; at: string; code: string } & RptKey)
  | { type: 'moved'; at: string; moves: Moves }
  | {
      type: 'decided'
      at: string
      idSession: string
      choice: Choice
      esito: string
      /** ISO instant at which a payment put off is really made. */
      dueAt?: string
      payments: Payment[]
      rts: RtDocument[]
      moves: Moves
    }
  | {
      type: 'reply'
      at: string
      operation: string
      rt: string
      key: RptKey
      /** sha256 of the HTTP body we sent, of the RT document in it, and of the answer. */
      requestSha256: string
      rtSha256: string
      replySha256: string
      outcome: ReplyOutcome
      faultCode?: string
      status: number
      ms: number
      /** This delivery ended: no retry follows. */
      final: boolean
      /** An extra copy of a delivery: it decides nothing. */
      copy: boolean
      state: string
    }
  | {
      type: 'mail'
      at: string
      id: string
      messageId: string
      from: string
      to: string[]
      subject: string
      bytes: number
    }

export function keyOf({ domain, iuv, ccp }: RptKey): string {
  return `${domain}|${iuv}|${ccp}`
}

/** Money taken by one fact; only a decision on the PSP page takes any. */
export function paymentsOf(fact: Fact): Payment[] {
  return fact.type === 'decided' ? fact.payments : []
}
