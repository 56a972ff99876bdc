import type { DueState } from '../states.ts'
import { noticeOutcome } from '../notice/outcome.ts'

/** Why a PSP cannot take a notice. Source: pagopa.md §4.7. */
export type NoticeFaultCode =
  | 'PAA_PAGAMENTO_SCONOSCIUTO'
  | 'PAA_PAGAMENTO_DUPLICATO'
  | 'PAA_PAGAMENTO_IN_CORSO'
  | 'PAA_PAGAMENTO_ANNULLATO'
  | 'PAA_PAGAMENTO_SCADUTO'
  | 'PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO'
  | 'PAA_SEMANTICA'

export const NOTICE_FAULT_STRINGS: Record<NoticeFaultCode, string> = {
  PAA_PAGAMENTO_SCONOSCIUTO: 'Pagamento in attesa risulta sconosciuto all’Ente Creditore',
  PAA_PAGAMENTO_DUPLICATO: 'Pagamento in attesa risulta concluso all’Ente Creditore',
  PAA_PAGAMENTO_IN_CORSO: 'Pagamento in attesa risulta in corso all’Ente Creditore',
  PAA_PAGAMENTO_ANNULLATO: 'Pagamento in attesa risulta annullato all’Ente Creditore',
  PAA_PAGAMENTO_SCADUTO: 'Pagamento in attesa risulta scaduto all’Ente Creditore',
  PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO: 'L’importo del pagamento in attesa non è valido',
  PAA_SEMANTICA: 'Errore semantico',
}

export interface NoticeFault {
  code: NoticeFaultCode
  why: string
}

export interface NoticeOfPsp {
  state: DueState
  isExpired: boolean
  isTypeActive: boolean
  /** An earlier payment of it has to be looked at by a person. */
  isDoubtful: boolean
  /** Shared with a second beneficiary. */
  hasSecondary: boolean
}

/** What a PSP may be told of a notice; undefined when it can be paid. */
export function noticeFault(found: NoticeOfPsp | undefined): NoticeFault | undefined {
  if (!found) return { code: 'PAA_PAGAMENTO_SCONOSCIUTO', why: 'avviso non trovato' }
  const outcome = noticeOutcome(found)
  if (outcome !== 'payable') return FAULTS[outcome]
  // Money of an earlier attempt may be here already: whoever takes more would take it twice.
  if (found.isDoubtful)
    return { code: 'PAA_PAGAMENTO_IN_CORSO', why: 'un pagamento di prima è da verificare' }
  // One attiva makes one RPT with one item: it cannot pay two beneficiaries.
  if (found.hasSecondary)
    return { code: 'PAA_SEMANTICA', why: 'avviso di due beneficiari: si paga solo online' }
  return undefined
}

const FAULTS: Record<Exclude<ReturnType<typeof noticeOutcome>, 'payable'>, NoticeFault> = {
  paid: { code: 'PAA_PAGAMENTO_DUPLICATO', why: 'avviso pagato' },
  paying: { code: 'PAA_PAGAMENTO_IN_CORSO', why: 'un altro tentativo è aperto' },
  cancelled: { code: 'PAA_PAGAMENTO_ANNULLATO', why: 'avviso annullato dall’ente' },
  expired: { code: 'PAA_PAGAMENTO_SCADUTO', why: 'scadenza vincolante passata' },
  // Closed by the ente for now: for a PSP there is nothing to pay.
  blocked: { code: 'PAA_PAGAMENTO_ANNULLATO', why: 'tipo di dovuto non attivo' },
}

/** The amount must be the one of the notice; nothing is never it (ruling 13). */
export function amountFault(askedCents: number, noticeCents: number): NoticeFault | undefined {
  if (askedCents === noticeCents && askedCents > 0) return undefined
  return { code: 'PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO', why: 'importo diverso da quello dell’avviso' }
}
