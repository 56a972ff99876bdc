import type {
  AskedTransfer,
  Decision,
  IuvFacts,
  KnownRow,
  MovedReceipt,
  Proof,
  ReceiptItem,
} from '../../domain/reporting/iuv-facts.ts'

/** Digits of the XML form, which are shorter than the words. */
const WORDS = {
  0: 'EXECUTED',
  3: 'REVOKED',
  4: 'STAND_IN',
  8: 'STAND_IN_NO_RPT',
  9: 'NO_RPT',
} as const

/** One IUV with one due of 10 euro, whose share is s1, and nothing else. */
export const facts = (given: Partial<IuvFacts>): IuvFacts => ({
  iuv: '01000000000123468',
  isOurs: true,
  transfers: [share('s1')],
  receipts: [],
  rows: [],
  decisions: [],
  ...given,
})

/** A share; that of s1 is due d1. */
export const share = (shareId: string, given: Partial<AskedTransfer> = {}): AskedTransfer => ({
  index: 1,
  shareId,
  dueId: shareId.replace('s', 'd'),
  cents: 1000,
  dueState: given.proof ? 'paid' : 'payable',
  isHeld: false,
  proof: null,
  ...given,
})

/** A row of payment A with 10 euro, in flow F1, as a current one. */
export const row = (id: string, code: keyof typeof WORDS, given: Partial<KnownRow> = {}): KnownRow => ({
  id,
  flowId: 'F1',
  position: Number(id.slice(1)),
  isCurrent: true,
  iur: 'A',
  transferIndex: 1,
  importoCents: 1000,
  code: WORDS[code],
  paidOn: '2026-03-31',
  asked: null,
  anomalies: [],
  withdrawn: null,
  ...given,
})

/** A row of an older revision. */
export const old = (id: string, code: keyof typeof WORDS, given: Partial<KnownRow> = {}): KnownRow =>
  row(id, code, { isCurrent: false, ...given })

/** A receipt with one item: payment A, 10 euro, for share s1. */
export const receipt = (id: string, given: Partial<ReceiptItem> = {}): MovedReceipt => ({
  id,
  items: [{ index: 1, iur: 'A', cents: 1000, paidOn: '2026-03-31', shareId: 's1', ...given }],
})

export const byReceipt = (receiptId: string): Proof => ({ by: 'receipt', receiptId })
export const byRow = (rowId: string): Proof => ({ by: 'row', rowId })
export const byOlder = (iur: string, transferIndex: number | null = 1): Proof => ({
  by: 'older',
  rowId: 'older',
  iur,
  transferIndex,
  cents: 1000,
})

export const decision = (
  kind: Decision['kind'],
  rowId: string,
  seen: Decision['seen'],
  given: Partial<Decision> = {},
): Decision => ({ kind, rowId, seen, decidedAt: '2026-04-02T08:00:00Z', isPaying: false, ...given })

/** What happened, the facts, the class and rule and places of each row, and the acts. */
export type Case = readonly [string, Partial<IuvFacts>, readonly string[], readonly string[]]
