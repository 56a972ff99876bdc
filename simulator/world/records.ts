import type { Choice, Fact, ReplyOutcome, RtDocument, SentRpt } from './facts.ts'

export type Step = { state: string; at: string }

/** An RPT that the node accepted, with its whole history. */
export type RptRecord = SentRpt & {
  idSession: string
  idCart?: string
  acceptedAt: string
  history: Step[]
  rts: string[]
}

/** A visit to the PSP page: one cart, or one RPT sent alone. */
export type Session = {
  idSession: string
  operation: string
  idCart?: string
  broker: string
  station: string
  rpts: string[]
  openedAt: string
  choice?: Choice
  esito?: string
  dueAt?: string
}

export type RtStatus = 'waiting' | 'accepted' | 'refused' | 'given_up' | 'on_request'

export type RtRecord = RtDocument & {
  at: string
  tries: number
  status: RtStatus
  lastOutcome?: ReplyOutcome
  lastFault?: string
}

export type MailRecord = Extract<Fact, { type: 'mail' }>
