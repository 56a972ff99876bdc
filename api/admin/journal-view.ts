import type { JournalMessage, JournalRow } from '../../db/journal/search.ts'
import { formatInstant, formatInstantToSecond } from '../../domain/calendar.ts'
import { DIRECTION_WORDS } from '../../templates/pages/admin/words.ts'
import { fieldView, type FieldInput, type FieldView, type Typed } from '../form/field-view.ts'

/** Longer documents are cut where they are shown. */
const MAX_SHOWN = 200_000

export function journalFields(query: Typed): FieldView[] {
  const fields: FieldInput[] = [
    { id: 'ente', label: 'Ente (codice IPA o codice fiscale)', maxLength: 80 },
    { id: 'iuv', label: 'IUV o codice avviso', maxLength: 40 },
    { id: 'psp', label: 'PSP del pagamento (identificativo)', maxLength: 35 },
    { id: 'esito', label: 'Esito, per esempio OK o PAA_SEMANTICA', maxLength: 80 },
    { id: 'operazione', label: 'Tipo di evento, per esempio paaInviaRT', maxLength: 80 },
    {
      id: 'verso',
      label: 'Verso',
      options: Object.entries(DIRECTION_WORDS).map(([value, label]) => ({ value, label })),
    },
    { id: 'dal', label: 'Dal', type: 'date', maxLength: 10 },
    { id: 'al', label: 'Fino al', type: 'date', maxLength: 10 },
  ]
  return fields.map((field) => fieldView({ ...field, required: false }, query, {}))
}

export const rowView = (row: JournalRow, href: string) => ({
  href,
  at: formatInstantToSecond(row.at),
  direction: DIRECTION_WORDS[row.direction],
  operation: row.operation,
  ente: row.enteName ?? row.domain ?? '–',
  iuv: row.iuv ?? '–',
  outcome: row.outcome,
  events: [...(row.hasRequest ? ['REQ'] : []), ...(row.hasResponse ? ['RES'] : [])].join(', '),
})

/** A message with its two events; the request came or left before the time it took. */
export function messageView(message: JournalMessage) {
  const { request, response, durationMs, httpStatus, cartId, ccp } = message
  const { at: endedAt, direction, operation, ente, iuv, outcome } = rowView(message, '')
  const startedAt = formatInstantToSecond(new Date(Date.parse(message.at) - (durationMs ?? 0)).toISOString())
  return {
    operation,
    facts: [
      { name: 'Data', text: formatInstant(message.at) },
      { name: 'Verso', text: direction },
      { name: 'Ente', text: ente },
      { name: 'IUV', text: iuv },
      { name: 'CCP', text: ccp ?? '–' },
      { name: 'Esito', text: outcome },
      { name: 'Codice HTTP', text: httpStatus === null ? '–' : String(httpStatus) },
      { name: 'Durata', text: durationMs === null ? '–' : `${durationMs} ms` },
    ],
    paymentHref: cartId === null ? null : `/supporto/pagamenti/${cartId}`,
    events: [eventOf('REQ', 'Richiesta', startedAt, request), eventOf('RES', 'Risposta', endedAt, response)],
  }
}

const eventOf = (kind: string, title: string, at: string, bytes: Buffer | null) => ({
  kind,
  title,
  at,
  document: bytes === null ? null : readable(bytes),
  inner: bytes === null ? [] : innerDocuments(bytes.toString('utf8')),
})

/** A tag a line; the page escapes it. */
function readable(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return cut === '' ? '(vuoto)' : cut.replace(/></g, '>\n<')
}

/** RPTs and receipts travel inside messages, in base64. */
const innerDocuments = (text: string): { name: string; document: string }[] =>
  [...text.matchAll(/<(?:\w+:)?(rpt|rt)>([A-Za-z0-9+/=\s]+)</g)].map(([, name, base64]) => ({
    name: name!.toUpperCase(),
    document: readable(Buffer.from(base64!, 'base64')),
  }))
