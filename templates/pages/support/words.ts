import type { AnomalyKind, Attention, ForcedReason, SendState } from '../../../domain/payment/model.ts'
import type { Oddity } from '../../../domain/payment/receipt-check.ts'
import type { CartState, DueState, EmailState, AttemptState } from '../../../domain/states.ts'

/** How support pages name what the tables hold. */

export const CART_WORDS: Record<CartState, string> = {
  open: 'Carrello aperto: nulla è stato inviato',
  requested: 'In corso: l’esito non è ancora noto',
  paid: 'Pagato',
  partially_paid: 'Pagato in parte',
  not_paid: 'Non pagato',
  timed_out: 'Non pagato: tempo scaduto',
  expired: 'Scaduto: nulla è stato inviato',
  archived: 'Archiviato: nulla è stato inviato',
  cancelled: 'Annullato prima dell’invio',
}

export const ATTEMPT_WORDS: Record<AttemptState, string> = {
  created: 'Creata: non si sa se il nodo l’ha ricevuta',
  sent: 'Al nodo: in attesa dell’esito',
  paid: 'Pagata',
  partially_paid: 'Pagata in parte',
  not_paid: 'Non pagata',
  timed_out: 'Tempo scaduto',
}

export const DUE_WORDS: Record<DueState, string> = {
  payable: 'Pagabile',
  paying: 'In pagamento',
  paid: 'Pagato',
  cancelled: 'Annullato',
}

export const MAIL_WORDS: Record<EmailState, string> = {
  pending: 'da inviare',
  sent: 'inviata',
  failed: 'rifiutata',
}

/** A mail that failed with nobody refusing it. */
export const MAIL_IN_DOUBT = {
  state: 'forse arrivata',
  answer: 'consegnata due volte al server di posta, che non ha mai risposto',
}

export const SEND_WORDS: Record<SendState, string> = {
  unsent: 'non inviato',
  in_doubt: 'risposta persa: il nodo può averlo ricevuto oppure no',
  accepted: 'accettato dal nodo',
  refused: 'rifiutato dal nodo',
}

/** The rows of docs/runbook.md carry the same codes. */
export const ATTENTION_WORDS: Record<Attention, string> = {
  lost_url: 'il nodo ha il carrello, la sua pagina non è nota (lost_url)',
  node_contradicts: 'il nodo aveva preso il carrello e ora non lo conosce (node_contradicts)',
  node_refused: 'il nodo ha chiuso l’RPT senza ricevuta (node_refused)',
  long_wait: 'più di un giorno senza esito (long_wait)',
  receipt_refused: 'una ricevuta dice che il denaro si è mosso e abbiamo dovuto rifiutarla (receipt_refused)',
  receipt_not_understood:
    'una ricevuta valida è conservata e non è stato possibile leggerla (receipt_not_understood)',
}

export const FORCED_WORDS: Record<ForcedReason, string> = {
  refused: 'esito negativo: il nodo ha rifiutato l’unico invio',
  silence: 'esito negativo: oltre 14 giorni senza che un PSP accettasse',
  unknown_to_node: 'esito negativo: il nodo non ha mai conosciuto l’RPT',
}

export const ANOMALY_WORDS: Record<AnomalyKind, string> = {
  receipt_after_forced: 'ricevuta arrivata dopo un esito forzato',
  positive_after_negative: 'ricevuta positiva dopo una negativa',
  different_receipt: 'due ricevute diverse per la stessa RPT',
  duplicate: 'denaro arrivato due volte',
  paid_after_cancel: 'pagato dopo l’annullamento',
  late_while_paying: 'denaro di un tentativo precedente durante un altro',
  amount_differs: 'importo pagato diverso dal dovuto',
  partial_shares: 'esiti diversi fra i beneficiari',
  receipt_refused: 'ricevuta rifiutata che dice, o può dire, che il denaro si è mosso',
  receipt_not_understood: 'ricevuta accettata e conservata che non è stato possibile leggere',
  unknown_attempt: 'ricevuta per una RPT sconosciuta',
}

export const NOTE_WORDS: Record<string, string> = {
  citizen_returned: 'Il cittadino è tornato dalla pagina del PSP',
  support_asked: 'Il supporto ha chiesto l’esito al nodo',
  support_mail_again: 'Il supporto ha chiesto di inviare di nuovo una mail',
  receipt_noted: 'La ricevuta è accettata, con differenze dalla RPT',
}

/** What an accepted receipt says otherwise than its RPT. */
export const ODDITY_WORDS: Record<Oddity, string> = {
  causale_text: 'altre parole nella causale',
  dati_specifici: 'altri dati specifici di riscossione',
  iur_missing: 'IUR mancante su un importo pagato',
  outcome_missing: 'esito mancante su un importo a zero',
  payer_code: 'altro codice fiscale del pagatore',
  payer_name: 'altro nome del pagatore',
  versante_code: 'altro codice fiscale del versante',
  versante_name: 'altro nome del versante',
  payee_code: 'altro codice dell’ente beneficiario',
  payee_name: 'altro nome dell’ente beneficiario',
}

const ENTITY_WORDS: Record<string, { name: string; states: Record<string, string> }> = {
  cart: { name: 'Carrello', states: CART_WORDS },
  attempt: { name: 'RPT', states: ATTEMPT_WORDS },
  due: { name: 'Dovuto', states: DUE_WORDS },
  email: { name: 'Mail', states: MAIL_WORDS },
}

/** "Carrello: In corso", "RPT: Al node → Pagata"; a state nobody named is shown as it is. */
export function moveWords(entity: string, from: string | null, to: string | null): string {
  const { name, states } = ENTITY_WORDS[entity] ?? { name: entity, states: {} }
  const words = [from, to].filter((state) => state !== null).map((state) => states[state] ?? state)
  return `${name}: ${words.join(' → ')}`
}
