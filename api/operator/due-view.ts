import type { DueDetail, DueEvent, DueMessage, DueRow } from '../../db/due/dues.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import type { EmailState } from '../../domain/states.ts'
import { isDoubtful, type Doubt } from '../../domain/payment/known.ts'
import { cents, formatEuro, wireImporto } from '../../domain/money.ts'
import {
  CANCELLED_WORDS,
  DUE_LABELS,
  DUE_WORDS,
  EVENT_WORDS,
  EXPIRED_WORDS,
  MESSAGE_WORDS,
} from '../../templates/pages/operator/due-words.ts'
import { MAIL_WORDS } from '../../templates/pages/support/words.ts'
import { withDoubt } from '../../templates/pages/doubt-words.ts'
import { actorText, addressLine, oneLine } from '../../templates/format.ts'
import { fieldView, type FieldInput, type FieldView } from '../form/field-view.ts'
import { maskAddress } from '../access/mask.ts'
import type { DuesQuery } from './dues-query.ts'

const stateWords = (due: DueRow): string =>
  withDoubt(due.state === 'payable' && due.isExpired ? EXPIRED_WORDS : DUE_WORDS[due.state], due)

const dayOrDash = (day: string | null): string => (day === null ? '–' : formatDay(day))
const euro = (amount: number): string => formatEuro(cents(amount))

export function dueListView(
  query: DuesQuery,
  rows: readonly DueRow[],
  { tipi, href, search }: { tipi: readonly { code: string; name: string }[]; href: string; search: string },
) {
  const isArchive = query.vista === 'archivio'
  return {
    href,
    newHref: `${href}/nuovo`,
    csvHref: `${href}.csv?${search}`,
    views: [
      { text: 'Da riscuotere', href, isCurrent: !isArchive },
      { text: 'Archivio', href: `${href}?vista=archivio`, isCurrent: isArchive },
    ],
    vista: query.vista,
    filters: filterFields(query, tipi, isArchive),
    isFiltered: search.replace(/vista=\w+/, '').replace(/[\w-]+=(&|$)/g, '') !== '',
    rows: rows.map((row) => ({
      href: `${href}/${row.id}`,
      codice: row.codice,
      anagrafica: row.anagrafica,
      iuv: row.iuv ?? '–',
      causale: row.causale,
      importo: euro(row.importoCents) + (row.hasSecondary ? ' *' : ''),
      dueOn: dayOrDash(row.dueOn),
      state: stateWords(row),
      changedAt: formatInstant(row.changedAt),
    })),
    hasSecondary: rows.some((row) => row.hasSecondary),
  }
}

const ALL = 'Tutti'

function filterFields(
  query: DuesQuery,
  tipi: readonly { code: string; name: string }[],
  isArchive: boolean,
): FieldView[] {
  const states: [string, string][] = isArchive
    ? [
        ['paid', DUE_WORDS.paid],
        ['cancelled', DUE_WORDS.cancelled],
      ]
    : [
        ['payable', DUE_WORDS.payable],
        ['expired', EXPIRED_WORDS],
        ['paying', DUE_WORDS.paying],
      ]
  const option = (value: string, label: string) => ({ value, label })
  const what = isArchive ? 'Chiuso' : 'Scadenza'
  const fields: FieldInput[] = [
    { id: 'iuv', label: 'IUV o codice avviso', maxLength: 40 },
    { id: 'iud', label: 'IUD', maxLength: 35 },
    { id: 'debitore', label: 'Debitore (codice fiscale o nome)', maxLength: 70 },
    { id: 'causale', label: 'Causale', maxLength: 140 },
    { id: 'flusso', label: 'Flusso (IUF o nome del file)', maxLength: 150 },
    {
      id: 'tipo',
      label: 'Tipo dovuto',
      options: tipi.map(({ code, name }) => option(code, name)),
      blank: ALL,
    },
    {
      id: 'stato',
      label: 'Stato',
      options: states.map(([value, label]) => option(value, label)),
      blank: ALL,
    },
    { id: 'dal', label: `${what} dal`, type: 'date', maxLength: 10 },
    { id: 'al', label: `${what} fino al`, type: 'date', maxLength: 10 },
    { id: 'importo-da', label: 'Importo da', maxLength: 20, inputMode: 'decimal' },
    { id: 'importo-a', label: 'Importo fino a', maxLength: 20, inputMode: 'decimal' },
  ]
  return fields.map((field) => fieldView({ ...field, required: false }, query, {}))
}

export const CSV_COLUMNS = [
  'IUD',
  'IUV',
  'Codice fiscale',
  'Debitore',
  'Causale',
  'Importo',
  'Scadenza',
  'Stato',
  'Tipo dovuto',
  'Ultima variazione',
] as const

/** One line per due, whatever is in its texts: a line end inside a cell begins a row where a spreadsheet looks for formulas. */
export const csvRow = (row: DueRow): string[] => csvCells(row).map(oneLine)

const csvCells = (row: DueRow): string[] => [
  row.iud,
  row.iuv ?? '',
  row.codice,
  row.anagrafica,
  row.causale,
  wireImporto(cents(row.importoCents)).replace('.', ','),
  row.dueOn === null ? '' : formatDay(row.dueOn),
  stateWords(row),
  row.tipoName,
  formatInstant(row.changedAt),
]

export const isPrintable = ({ state, isExpired, iuv }: DueRow): boolean =>
  state === 'payable' && !isExpired && iuv !== null && !iuv.startsWith('RF')

/** Everything the page of a due says. */
export function dueView(
  due: DueDetail,
  {
    events,
    messages,
    href,
    listHref,
    codIpa,
    mayOpenFlow,
  }: {
    events: readonly DueEvent[]
    messages: readonly DueMessage[]
    href: string
    listHref: string
    codIpa: string
    /** Files of others are for administrators. */
    mayOpenFlow: boolean
  },
) {
  const isPayable = due.state === 'payable'
  return {
    listHref,
    causale: due.causale,
    state: stateWords(due),
    cancelledBecause:
      due.cancelledReason === null ? null : (CANCELLED_WORDS[due.cancelledReason] ?? due.cancelledReason),
    importo: euro(due.importoCents),
    doubt: isDoubtful(due) ? doubtText(due) : null,
    facts: factsOf(due),
    flow: flowOf(due, codIpa, mayOpenFlow),
    shares:
      due.shares.length > 1 ? due.shares.map((share) => ({ ...share, importo: euro(share.cents) })) : null,
    attempts: due.attempts.map((attempt) => ({
      iuv: attempt.iuv,
      at: formatInstant(attempt.requestedAt),
      state: ATTEMPT_WORDS[attempt.state] ?? attempt.state,
      receipt: attempt.hasReceipt ? `${href}/ricevute/${attempt.receiptId}.pdf` : null,
    })),
    messages: messages.map(messageView),
    timeline: timelineOf(due, events),
    editHref: isPayable ? `${href}/modifica` : null,
    cancelHref: isPayable ? `${href}/conferma-annulla` : null,
    askHref: due.state === 'paying' && due.attempts.length > 0 ? `${href}/chiedi-ricevuta` : null,
  }
}

/** What was said about a due, and to whom as far as one may know it. */
const messageView = ({ at, kind, about, outcome }: DueMessage) => ({
  at: formatInstant(at),
  what: MESSAGE_WORDS[kind],
  about: kind === 'mail' ? maskAddress(about) : about,
  outcome: kind === 'mail' ? MAIL_WORDS[outcome as EmailState] : outcome,
})

const ATTEMPT_WORDS: Record<string, string> = {
  created: 'In corso',
  sent: 'In corso',
  paid: 'Pagato',
  partially_paid: 'Pagato in parte',
  not_paid: 'Non pagato',
  timed_out: 'Scaduto senza pagamento',
}

/** What came is worth a line when it is not the whole amount. */
const isPaidOtherwise = ({ settledCents, importoCents }: DueDetail): boolean =>
  settledCents > 0 && settledCents !== importoCents

const doubtText = ({ unplacedCents, isUnclear }: Doubt): string =>
  [
    ...(unplacedCents > 0
      ? [`È arrivato del denaro che non è attribuito a nessun dovuto: ${euro(unplacedCents)}.`]
      : []),
    ...(isUnclear
      ? ['È arrivata una ricevuta rifiutata o illeggibile: non si sa se il denaro si è mosso.']
      : []),
    'L’assistenza della piattaforma lo vede fra i pagamenti da verificare.',
  ].join(' ')

function factsOf(due: DueDetail): { label: string; value: string }[] {
  const { pagatore } = due
  const facts: [string, string | null | undefined][] = [
    ['Debitore', pagatore.anagrafica],
    [DUE_LABELS.codiceIdentificativoUnivoco!, pagatore.codice],
    ['Indirizzo', addressLine(pagatore)],
    ['E-mail', pagatore.email],
    ['Tipo dovuto', due.tipoName],
    ['Scadenza', dayOrDash(due.dueOn)],
    ['Incassato', isPaidOtherwise(due) ? euro(due.settledCents) : null],
    ['IUD', due.iud],
    ['IUV', due.iuv],
    [DUE_LABELS.datiSpecificiRiscossione!, due.shares[0]?.datiSpecifici],
    ['Bilancio', due.bilancio],
    ['Inserito il', formatInstant(due.createdAt)],
    ['Ultima variazione', formatInstant(due.changedAt)],
  ]
  return facts
    .filter((fact): fact is [string, string] => Boolean(fact[1]))
    .map(([label, value]) => ({ label, value }))
}

function flowOf({ flowId, flowName, flowRow }: DueDetail, codIpa: string, mayOpen: boolean) {
  if (flowId === null) return null
  return {
    name: `${flowName}.zip`,
    row: String(flowRow),
    href: mayOpen ? `/operatore/${codIpa}/flussi/${flowId}` : null,
  }
}

/** A due of a file begins with its file: the file wrote it, and no event of its own says so. */
function timelineOf(due: DueDetail, events: readonly DueEvent[]): { at: string; text: string }[] {
  const isBorn = events.some(({ kind }) => kind === 'born')
  const birth =
    isBorn || due.flowName === null
      ? []
      : [{ at: formatInstant(due.createdAt), text: `Caricato con un flusso` }]
  return [...birth, ...events.map((event) => ({ at: formatInstant(event.at), text: eventText(event) }))]
}

function eventText({ kind, toState, data }: DueEvent): string {
  const who = actorText(data)
  const by = who === null ? '' : ` da ${who}`
  if (kind === 'moved' && toState !== null) return `${DUE_WORDS[toState as DueRow['state']]}${by}`
  return `${EVENT_WORDS[kind] ?? kind}${by}${changesText(data)}`
}

function changesText(data: Record<string, unknown>): string {
  const [before, after] = (data['importoCents'] as [number, number] | undefined) ?? []
  const parts = [
    before !== undefined && after !== undefined && before !== after
      ? `importo da ${euro(before)} a ${euro(after)}`
      : '',
    dueOnText(data['dueOn'] as [string | null, string | null] | undefined),
    ...((data['fields'] as string[] | undefined) ?? []),
    typeof data['row'] === 'number' ? `con la riga ${data['row']} di un flusso` : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`
}

function dueOnText(days: [string | null, string | null] | undefined): string {
  if (!days || days.length < 2 || days[0] === days[1]) return ''
  return `scadenza da ${dayOrDash(days[0])} a ${dayOrDash(days[1])}`
}
