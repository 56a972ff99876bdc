import type { OutcomeCode } from '../domain/payment/model.ts'
import { textsOf, type Language } from './language.ts'

export interface OutcomeWords {
  /** In a table or a heading. */
  short: string
  /** A whole sentence, and what to do when something is left to do. */
  sentence: string
  hasReceipt: boolean
}

/** Ruled: with 1 and 3 no money moved, so there is no receipt. */
const HAS_RECEIPT: Record<OutcomeCode, boolean> = { 0: true, 1: false, 2: true, 3: false, 4: true }

/** How mails, receipts and pages say what became of a payment. */
export function outcomeWords(code: OutcomeCode, language: Language): OutcomeWords {
  const t = textsOf(language)
  return {
    short: t(`outcome.${code}.short`),
    sentence: t(`outcome.${code}.sentence`),
    hasReceipt: HAS_RECEIPT[code],
  }
}
