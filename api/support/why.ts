import type { SupportAnomaly } from '../../db/payment/support.ts'
import { UNCLEAR_KINDS } from '../../domain/payment/known.ts'
import type { SupportPayment } from './payment-page.ts'

/** Two minutes after the announced look the sweep takes over: until then it is not late. */
const LATE_AFTER_MS = 120_000

export const isLate = (nextCheckAt: string, now: string): boolean =>
  Date.parse(now) - Date.parse(nextCheckAt) > LATE_AFTER_MS

type Held = 'unplaced' | 'unclear' | 'partial'

/** Why a person has to look at an anomaly that nobody closed; undefined when it only informs. */
function heldFor({ kind, unplacedCents, closedAt }: SupportAnomaly): Held | undefined {
  if (closedAt !== null) return undefined
  if ((UNCLEAR_KINDS as readonly string[]).includes(kind)) return 'unclear'
  if (unplacedCents > 0) return 'unplaced'
  return kind === 'partial_shares' ? 'partial' : undefined
}

const isOpen =
  (held: Held) =>
  (anomaly: SupportAnomaly): boolean =>
    heldFor(anomaly) === held

type Reason = [applies: (payment: SupportPayment) => boolean, words: string]

/** The first that applies. */
const REASONS: Reason[] = [
  [
    ({ receipts }) => receipts.some((receipt) => receipt.handledAt === null),
    'Una ricevuta è arrivata ed è da elaborare: il processo la elabora entro pochi secondi.',
  ],
  [({ cart }) => cart.state === 'open', 'Il cittadino non ha ancora premuto “Paga”.'],
  [
    ({ anomalies }) => anomalies.some(isOpen('unplaced')),
    'Attende una persona: è arrivato del denaro che non è attribuito a nessun dovuto. Vedi le anomalie.',
  ],
  [
    ({ anomalies }) => anomalies.some(isOpen('unclear')),
    'Attende una persona: c’è una ricevuta rifiutata o illeggibile, e non si sa se il denaro si è mosso. Vedi le anomalie.',
  ],
  [
    ({ anomalies }) => anomalies.some(isOpen('partial')),
    'Attende una persona: un dovuto è pagato a un beneficiario e non all’altro. Vedi le anomalie.',
  ],
  [
    ({ cart, mails }) => cart.state !== 'requested' && mails.some((mail) => mail.state === 'failed'),
    'L’esito è registrato, ma una mail non è stata consegnata: vedi “Mail”.',
  ],
  [({ cart }) => cart.state === 'paid', 'Non attende nulla: l’esito è definitivo.'],
  [
    ({ cart }) => cart.begunAt === null,
    'Non attende nulla: si è chiuso senza che nulla fosse inviato al nodo.',
  ],
  [
    ({ cart }) => cart.state !== 'requested',
    'Non attende nulla: l’esito è registrato. Se arriva una ricevuta di pagamento, vale quella.',
  ],
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
