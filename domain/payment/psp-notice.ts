import type { DueState } from '../states.ts'
import { noticeOutcome } from '../notice/outcome.ts'

/**
 * Why a PSP cannot take a notice. The adapter has the code of the protocol for each. Source:
 * docs/field/node-messages.md#a-psp-asks.
 */
export type NoticeRefusal =
  'unknown' | 'paid' | 'paying' | 'cancelled' | 'expired' | 'wrong_amount' | 'not_at_psp'

export interface RefusedNotice {
  refusal: NoticeRefusal
  /** What is wrong, in Italian, for the PSP that asked. */
  why: string
}

export interface NoticeOfPsp {
  state: DueState
  isExpired: boolean
  isTypeActive: boolean
  /** True when a person must check an earlier payment of it. */
  isDoubtful: boolean
  /** True when it has a second beneficiary. */
  hasSecondary: boolean
}

/** Why a notice is refused to a PSP; undefined when it can be paid. */
export function noticeRefusal(found: NoticeOfPsp | undefined): RefusedNotice | undefined {
  if (!found) return { refusal: 'unknown', why: 'avviso non trovato' }
  const outcome = noticeOutcome(found)
  if (outcome !== 'payable') return REFUSALS[outcome]
  // Money of an earlier attempt may be here already, so a payment now could be the second one.
  if (found.isDoubtful) return { refusal: 'paying', why: 'un pagamento di prima è da verificare' }
  // One paaAttivaRPT makes one RPT with one item, which cannot pay two beneficiaries.
  if (found.hasSecondary)
    return { refusal: 'not_at_psp', why: 'avviso di due beneficiari: si paga solo online' }
  return undefined
}

const REFUSALS: Record<Exclude<ReturnType<typeof noticeOutcome>, 'payable'>, RefusedNotice> = {
  paid: { refusal: 'paid', why: 'avviso pagato' },
  paying: { refusal: 'paying', why: 'un altro tentativo è aperto' },
  cancelled: { refusal: 'cancelled', why: 'avviso annullato dall’ente' },
  expired: { refusal: 'expired', why: 'scadenza vincolante passata' },
  // The ente switched the type off for now, so a PSP cannot take it. No closer code exists.
  blocked: { refusal: 'cancelled', why: 'tipo di dovuto non attivo' },
}

/** The amount must be that of the notice; 0 is never right (D13). */
export function amountRefusal(askedCents: number, noticeCents: number): RefusedNotice | undefined {
  if (askedCents === noticeCents && askedCents > 0) return undefined
  return { refusal: 'wrong_amount', why: 'importo diverso da quello dell’avviso' }
}
