import type { SupportPayment } from './payment-page.ts'

/** Two minutes after the announced look the sweep takes over: until then it is not late. */
const LATE_AFTER_MS = 120_000

export const isLate = (nextCheckAt: string, now: string): boolean =>
  Date.parse(now) - Date.parse(nextCheckAt) > LATE_AFTER_MS

type Reason = [applies: (payment: SupportPayment) => boolean, words: string]

/** The first that applies. */
const REASONS: Reason[] = [
  [
    ({ rts }) => rts.some((rt) => rt.handledAt === null),
    'Una ricevuta è arrivata ed è da elaborare: il processo la elabora entro pochi secondi.',
  ],
  [({ cart }) => cart.state === 'open', 'Il cittadino non ha ancora premuto “Paga”.'],
  [({ cart }) => cart.state !== 'requested', 'Non attende nulla: l’esito è definitivo.'],
  [
    ({ process }) => process === 'none' || process === 'ended',
    'Nessun processo lo segue: riparte da solo dopo il prossimo controllo, o subito con “Chiedi ora l’esito”.',
  ],
  [
    ({ cart }) => cart.sendState === 'in_doubt',
    'La risposta del nodo all’invio si è persa: il nodo può avere il carrello oppure no, e glielo stiamo chiedendo.',
  ],
  [
    ({ cart }) => cart.returnedAt !== null,
    'Il cittadino è tornato dalla pagina di pagamento: si attende la ricevuta dal nodo.',
  ],
  [
    ({ cart }) => cart.redirectUrl !== null,
    'Il cittadino è stato mandato alla pagina di pagamento e non è ancora tornato.',
  ],
  [() => true, 'Il nodo ha il carrello e non ha dato l’indirizzo della pagina di pagamento.'],
]

export const whyItWaits = (payment: SupportPayment): string =>
  REASONS.find(([applies]) => applies(payment))![1]
