import type { OutcomeCode } from '../domain/payment/model.ts'

export interface OutcomeWords {
  /** In a table or a heading. */
  short: string
  /** A whole sentence, and what to do when something is left to do. */
  sentence: string
  hasReceipt: boolean
}

/** How mails, receipts and pages say what became of a payment. Ruled: with 1 and 3 no money moved, so no receipt. */
export const OUTCOMES: Record<OutcomeCode, OutcomeWords> = {
  0: { short: 'Pagamento eseguito', sentence: 'Il pagamento è stato eseguito.', hasReceipt: true },
  1: {
    short: 'Pagamento non eseguito',
    sentence:
      'Il pagamento non è stato eseguito: non risulta alcun addebito. Puoi pagare di nuovo quando vuoi.',
    hasReceipt: false,
  },
  2: {
    short: 'Pagamento parzialmente eseguito',
    sentence:
      'Il pagamento è stato eseguito solo in parte: le voci con importo zero non sono state pagate e puoi pagarle di nuovo.',
    hasReceipt: true,
  },
  3: {
    short: 'Tempo scaduto',
    sentence:
      'Il pagamento non è stato eseguito perché il tempo a disposizione è scaduto: non risulta alcun addebito. Puoi pagare di nuovo quando vuoi.',
    hasReceipt: false,
  },
  4: {
    short: 'Tempo scaduto, pagamento parziale',
    sentence:
      'Il tempo a disposizione è scaduto e il pagamento è stato eseguito solo in parte: le voci con importo zero non sono state pagate e puoi pagarle di nuovo.',
    hasReceipt: true,
  },
}
