import { z } from 'zod'
import type { TimelineEvent } from '../../db/journal/event.ts'
import type { ReportedPayment } from '../../db/reporting/of-payment.ts'
import { formatInstantToSecond } from '../../domain/calendar.ts'
import type { Attention } from '../../domain/payment/model.ts'
import type { CartState } from '../../domain/states.ts'
import { t, tOr } from '../../templates/language.ts'
import { actorText } from '../../templates/format.ts'
import { reportedLine } from '../../templates/reporting-words.ts'
import type { SupportPayment } from './payment-page.ts'

export const ASKED = 'support_asked'

/** The result of "Chiedi ora l'esito", stored in the event ASKED. */
export type AskResult =
  { kind: 'asked'; state: CartState; attention: Attention | null } | { kind: 'closed' } | { kind: 'paused' }

/** The same as the database has it, where the names may be older than the code. */
const StoredResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('asked'), state: z.string(), attention: z.string().nullable() }),
  z.object({ kind: z.literal('closed') }),
  z.object({ kind: z.literal('paused') }),
])
const StoredNotes = z.array(z.string())
const StoredAct = z.object({ act: z.string(), step: z.string() })

interface Line {
  at: string
  what: string
  about: string | null
  /** The reporting flow that says it. */
  link: { href: string; text: string } | null
}

/** The events of a payment in words, with the attempt or due that each is about. */
export function timelineView({ timeline, attempts, dues, reported }: SupportPayment): Line[] {
  const names = new Map<string, string>([
    ...attempts.map((attempt): [string, string] => [attempt.id, `IUV ${attempt.iuv}, ${attempt.domain}`]),
    ...dues.map((due): [string, string] => [due.id, `IUD ${due.iud}`]),
  ])
  const events = timeline.map((event) => ({
    instant: event.at,
    link: null,
    what: event.toState === null ? noteWords(event) : moveWords(event.entity, event.fromState, event.toState),
    about: names.get(event.entityId) ?? null,
  }))
  return [...events, ...reported.map(reportedIn)]
    .sort((one, other) => Date.parse(one.instant) - Date.parse(other.instant))
    .map(({ instant, ...line }) => ({ at: formatInstantToSecond(instant), ...line }))
}

function reportedIn(row: ReportedPayment) {
  const { text, link } = reportedLine(row)
  return { instant: row.storedAt, what: text, about: `IUV ${row.iuv}`, link }
}

/** "Carrello: In corso", "RPT: Al nodo → Pagata"; a state without words is shown as it is. */
function moveWords(entity: string, from: string | null, to: string | null): string {
  const states = [from, to]
    .filter((state) => state !== null)
    .map((state) => tOr(`support.state.${entity}.${state}`, state))
  return `${tOr(`support.entity.${entity}`, entity)}: ${states.join(' → ')}`
}

/** The newest event ASKED, with its result; null when nobody has pressed the button. */
export function lastAskView(timeline: readonly TimelineEvent[]): { at: string; text: string } | null {
  const last = timeline.findLast((event) => event.kind === ASKED)
  return last ? { at: formatInstantToSecond(last.at), text: noteWords(last) } : null
}

function noteWords({ kind, data }: TimelineEvent): string {
  const who = actorText(data)
  const by = who === null ? '' : `, ${who}`
  const result = kind === ASKED ? `: ${askWords(StoredResult.parse(data['result']))}` : ''
  const noted = kind === 'receipt_noted' ? `: ${oddityWords(StoredNotes.parse(data['notes']))}` : ''
  const act = kind === 'anomaly_act' ? `: ${actWords(StoredAct.parse(data))}` : ''
  const what = tOr(`support.event.${kind}`, tOr(`dues.event.${kind}`, kind))
  return `${what}${by}${act}${result}${noted}`
}

const actWords = ({ act, step }: z.output<typeof StoredAct>): string =>
  `${tOr(`anomaly.act.${act}.title`, act)} (${tOr(`anomaly.step.${step}`, step)})`

const oddityWords = (notes: readonly string[]): string =>
  notes.map((note) => `${t(`support.oddity.${note}`)} (${note})`).join(', ')

function askWords(result: z.infer<typeof StoredResult>): string {
  if (result.kind === 'closed') return t('support.asked.closed')
  if (result.kind === 'paused') return t('support.asked.paused')
  const attention = result.attention === null ? '' : `; ${t(`support.attention.${result.attention}`)}`
  return `${t(`support.state.cart.${result.state}`)}${attention}`
}
