/** What a credit may bring: a reporting flow, or a single payment by its IUV. */
export type TargetKind = 'flow' | 'payment'

/** A credit that counts, with what is left of it. */
export interface TieCredit {
  id: string
  cents: number
  bookedOn: string
  text: string
  trn: string | null
  endToEndId: string | null
}

/** The current revision of a flow, or a payment of the ente. */
export interface Target {
  kind: TargetKind
  id: string
  /** What stands in the text of a transfer: the id of the flow, or the IUV. */
  writtenAs: string
  /** Declared total of a flow, or total of the receipt. Null: not known. */
  cents: number | null
  /** What the rows of a flow add up to, its identificativoUnivocoRegolamento and dataRegolamento; null for a payment. */
  rowsCents: number | null
  regulation: string | null
  regulatedOn: string | null
}

/** What a person has said of a credit and a target. */
export interface Decision {
  creditId: string
  targetId: string
  is: 'accepted' | 'refused'
}

/** Why something is certain. */
export type CertainReason = 'id' | 'parts' | 'several_flows' | 'decided'

/** Why something is proposed, with how much it speaks for it when the amount is equal and when it is not. */
export const PROPOSALS = {
  rows_sum: [85, 85],
  two_readings: [70, 40],
  other_amount: [60, 60],
  double: [50, 50],
  reference: [85, 50],
  letter: [90, 30],
  cut: [80, 20],
  amount: [40, 0],
} as const satisfies Record<string, readonly [equal: number, other: number]>
export type ProposalReason = keyof typeof PROPOSALS

/** What ties a credit to a target. */
export interface Tie {
  creditId: string
  targetId: string
  isCertain: boolean
  /** 0 to 100. */
  score: number
  reason: CertainReason | ProposalReason
}

/** What is known of credits and flows. They must be closed: with a flow all credits that have its id, and the reverse. */
export interface TieFacts {
  credits: readonly TieCredit[]
  targets: readonly Target[]
  decisions: readonly Decision[]
}
