import type { JournalMessage, JournalRow } from '../../db/journal/search.ts'
import { formatInstant, formatInstantToSecond } from '../../domain/calendar.ts'
import { t } from '../../templates/language.ts'
import type { FieldInput } from '../form/field-view.ts'

/** The most characters of a document that the page shows; the rest is cut off. */
const MAX_SHOWN = 200_000

export const JOURNAL_FIELDS: readonly FieldInput[] = [
  { id: 'ente', label: t('journal.filter.ente'), maxLength: 80 },
  { id: 'iuv', label: t('journal.filter.iuv'), maxLength: 40 },
  { id: 'psp', label: t('journal.filter.psp'), maxLength: 35 },
  { id: 'esito', label: t('journal.filter.outcome'), maxLength: 80 },
  { id: 'operazione', label: t('journal.filter.operation'), maxLength: 80 },
  {
    id: 'verso',
    label: t('staff.label.direction'),
    options: ['in', 'out'].map((value) => ({ value, label: t(`journal.direction.${value}`) })),
  },
  { id: 'dal', label: t('staff.label.from'), type: 'date', maxLength: 10 },
  { id: 'al', label: t('staff.label.to'), type: 'date', maxLength: 10 },
]

export const rowView = (row: JournalRow, href: string) => ({
  href,
  at: formatInstantToSecond(row.at),
  direction: t(`journal.direction.${row.direction}`),
  operation: row.operation,
  ente: row.enteName ?? row.domain ?? '–',
  iuv: row.iuv ?? '–',
  outcome: row.outcome,
  events: [...(row.hasRequest ? ['REQ'] : []), ...(row.hasResponse ? ['RES'] : [])].join(', '),
})

/**
 * A message with its request and its response. The journal stores the time of the end, so the request is shown earlier by the duration.
 */
export function messageView(message: JournalMessage) {
  const { request, response, durationMs, httpStatus, cartId, attemptCode } = message
  const { at: endedAt, direction, operation, ente, iuv, outcome } = rowView(message, '')
  const startedAt = formatInstantToSecond(new Date(Date.parse(message.at) - (durationMs ?? 0)).toISOString())
  return {
    operation,
    facts: [
      { name: t('staff.label.date'), text: formatInstant(message.at) },
      { name: t('staff.label.direction'), text: direction },
      { name: t('staff.label.ente'), text: ente },
      { name: t('staff.label.iuv'), text: iuv },
      { name: t('staff.label.ccp'), text: attemptCode ?? '–' },
      { name: t('staff.label.outcome'), text: outcome },
      { name: t('journal.message.httpStatus'), text: httpStatus === null ? '–' : String(httpStatus) },
      { name: t('journal.message.took'), text: durationMs === null ? '–' : `${durationMs} ms` },
    ],
    paymentHref: cartId === null ? null : `/supporto/pagamenti/${cartId}`,
    events: [
      eventOf('REQ', t('journal.message.request'), startedAt, request),
      eventOf('RES', t('journal.message.response'), endedAt, response),
    ],
  }
}

const eventOf = (kind: string, title: string, at: string, bytes: Buffer | null) => ({
  kind,
  title,
  at,
  document: bytes === null ? null : readable(bytes),
  inner: bytes === null ? [] : innerDocuments(bytes.toString('utf8')),
})

/** The text of a document with one tag per line. The template escapes it. */
function readable(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return cut === '' ? t('journal.message.empty') : cut.replace(/></g, '>\n<')
}

/** The RPTs and receipts that a message contains. They are in base64 there. */
const innerDocuments = (text: string): { name: string; document: string }[] =>
  [...text.matchAll(/<(?:\w+:)?(rpt|rt)>([A-Za-z0-9+/=\s]+)</g)].map(([, name, base64]) => ({
    name: name!.toUpperCase(),
    document: readable(Buffer.from(base64!, 'base64')),
  }))
