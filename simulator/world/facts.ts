import type { Flow } from '../reporting/flow.ts'
import type { Written } from '../psp/written.ts'

/** The key of one payment request in all messages. */
export type RptKey = { domain: string; iuv: string; ccp: string }

/** An RPT that was accepted. `xml` is the decoded document of the ente's broker. */
export type SentRpt = RptKey & { cents: number; xml: string }

/** Money that a PSP really took, in cents. */
export type Payment = RptKey & { cents: number; iur: string; at: string }

/** The header of paaInviaRT, in which a misbehaving node may write wrong values. */
export type RtHeader = RptKey & { broker: string; station: string }

export type RtDocument = Written & {
  id: string
  /** `keyOf` of the RPT that it answers, even when the document names another one. */
  rpt: string
  header: RtHeader
  code: number
  cents: number
  /** True for a receipt that nodoChiediCopiaRT may return; false for an extra one of a misbehaving node. */
  genuine: boolean
  /** ISO instant of the first push; absent for a receipt that is sent only on request. */
  pushAt?: string
  copies: number
  parallel: boolean
}

export type Moves = { rpt: string; states: string[] }[]

/** What the payer did on the PSP page, or what happened without the payer. */
export type Choice = 'OK' | 'KO' | 'EXIT' | 'DIFFERITO' | 'ABANDONED' | 'BY_HAND'

export type ReplyOutcome =
  'OK' | 'KO' | 'invalid' | 'http_error' | 'timeout' | 'unreachable' | 'hung_up' | 'dropped'

/**
 * Everything that happened outside the product. The journal is a list of facts and the world is their sum: a restart
 * replays them and loses nothing. One fact is one line, so a cart or a payment of several RPTs is never stored by half.
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
      /** ISO instant at which a postponed payment is really made. */
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
      /** The last delivery: no retry follows. */
      final: boolean
      /** An extra copy of a delivery, which changes no state. */
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
  /** A flow of reporting, and the RTs whose payments it lists. */
  | { type: 'reported'; at: string; flow: Flow; rts: string[] }
  /** The clock of this world moved forward. */
  | { type: 'moved_on'; at: string; days: number }

export function keyOf({ domain, iuv, ccp }: RptKey): string {
  return `${domain}|${iuv}|${ccp}`
}

/** Money that one fact moved. Only a decision moves money. */
export function paymentsOf(fact: Fact): Payment[] {
  return fact.type === 'decided' ? fact.payments : []
}
