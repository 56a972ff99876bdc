import type { NoticeRefusal } from '../payment/psp-notice.ts'
import type { ReceiptAnswer, ReceiptRefusal } from '../payment/receipt-check.ts'

/**
 * A fault code of ours with the words of the specification, kept for parity
 * (docs/field/node-messages.md#faults-we-give).
 */
export type CodeAndWords = readonly [code: `PAA_${string}`, words: string]

export const UNREADABLE_CALL: CodeAndWords = ['PAA_SINTASSI_EXTRAXSD', 'Errore di sintassi extra XSD']

export const RECEIPT_FAULTS: Readonly<Record<ReceiptRefusal, CodeAndWords>> = {
  wrong_broker: ['PAA_ID_INTERMEDIARIO_ERRATO', 'Identificativo intermediario non corrispondente'],
  wrong_domain: ['PAA_ID_DOMINIO_ERRATO', 'La PAA non corrisponde al Dominio indicato'],
  wrong_station: ['PAA_STAZIONE_INT_ERRATA', 'Stazione intermediario non corrispondente'],
  unknown_attempt: ['PAA_RPT_SCONOSCIUTA', 'La RPT risulta sconosciuta'],
  second_receipt: ['PAA_RT_DUPLICATA', 'La RT è già stata accettata'],
  invalid_document: ['PAA_SINTASSI_XSD', 'Errore di sintassi XSD'],
  other_payment: ['PAA_SEMANTICA', 'Errore semantico'],
}

export const NOTICE_FAULTS: Readonly<Record<NoticeRefusal, CodeAndWords>> = {
  unknown: ['PAA_PAGAMENTO_SCONOSCIUTO', 'Pagamento in attesa risulta sconosciuto all’Ente Creditore'],
  paid: ['PAA_PAGAMENTO_DUPLICATO', 'Pagamento in attesa risulta concluso all’Ente Creditore'],
  paying: ['PAA_PAGAMENTO_IN_CORSO', 'Pagamento in attesa risulta in corso all’Ente Creditore'],
  cancelled: ['PAA_PAGAMENTO_ANNULLATO', 'Pagamento in attesa risulta annullato all’Ente Creditore'],
  expired: ['PAA_PAGAMENTO_SCADUTO', 'Pagamento in attesa risulta scaduto all’Ente Creditore'],
  wrong_amount: ['PAA_ATTIVA_RPT_IMPORTO_NON_VALIDO', 'L’importo del pagamento in attesa non è valido'],
  not_at_psp: ['PAA_SEMANTICA', 'Errore semantico'],
}

/** The code that the node got for a stored receipt. */
export const answerCode = (answer: ReceiptAnswer): string =>
  answer === 'accepted' ? 'OK' : RECEIPT_FAULTS[answer][0]
