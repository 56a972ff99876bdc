/** One payment that a flow lists. The amount is text, so that a flow can list one that is no amount of cents. */
export type FlowRow = {
  /** Number of the payment in the flow, by default its place from 1. */
  index?: number
  iuv: string
  iur: string
  /** Which transfer of the payment; a document may leave it out. */
  idTransfer?: number
  pay: string
  /** 0, 3, 4, 8, 9, or a number that nobody knows. */
  code: number
  /** Day of Rome, `yyyy-MM-dd`. */
  payDate: string
}

/** Rows that are made when somebody asks, so that a flow of 100,000 needs neither memory nor a long line in the journal. */
export type Recipe = {
  seed: number
  count: number
  /** The row at place i has this IUV plus i. */
  firstIuv: string
  /** Amount of every row; without it each has its own. */
  pay?: string
  code: number
  payDate: string
}

export type Rows = { rows: FlowRow[] } | { recipe: Recipe }

/** What all revisions of a flow share. */
export type FlowKey = { domain: string; psp: string; fdr: string }

/** What a revision has from the one before, unless it says something else. */
export type FlowHeader = {
  regulation: string
  regulationDate: string
  bic?: string
  senderType: 'LEGAL_PERSON' | 'ABI_CODE' | 'BIC_CODE'
  sender: string
  senderName: string
  /** The receiver that the document names, which may be another one than the organization. */
  receiver: string
  receiverName: string
}

export type Flow = FlowKey & {
  revision: number
  /** ISO instants. */
  flowDate: string
  published: string
  header: FlowHeader
  /** As declared, which may be wrong. */
  totPayments: number
  sumPayments: string
  /** As counted. */
  computedSum: string
  rows: Rows
}

export const keyOfFlow = ({ domain, psp, fdr }: FlowKey): string => JSON.stringify([domain, psp, fdr])
