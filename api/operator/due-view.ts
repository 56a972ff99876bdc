import type { DueDetail, DueEvent, DueMessage, DueRow } from '../../db/due/dues.ts'
import { formatDay, formatInstant } from '../../domain/calendar.ts'
import { isDoubtful, type Doubt } from '../../domain/payment/known.ts'
import { cents, formatEuro, wireImporto } from '../../domain/money.ts'
import { t, tOr } from '../../templates/language.ts'
import { withDoubt } from '../../templates/pages/doubt-words.ts'
import { actorText, addressLine, oneLine } from '../../templates/format.ts'
import { fieldView, type FieldInput, type FieldView } from '../form/field-view.ts'
import { maskAddress } from '../access/mask.ts'
import type { DuesQuery } from './dues-query.ts'

function stateWords(due: DueRow): string {
  const shown = due.state === 'payable' && due.isExpired ? 'expired' : due.state
  return withDoubt(t(`dues.state.${shown}`), due)
}

const dayOrDash = (day: string | null): string => (day === null ? '–' : formatDay(day))
const euro = (amount: number): string => formatEuro(cents(amount))

export function dueListView(
  query: DuesQuery,
  rows: readonly DueRow[],
  {
    dueTypes,
    href,
    search,
  }: { dueTypes: readonly { code: string; name: string }[]; href: string; search: string },
) {
  const isArchive = query.vista === 'archivio'
  return {
    href,
    newHref: `${href}/nuovo`,
    csvHref: `${href}.csv?${search}`,
    views: [
      { text: t('dues.list.online'), href, isCurrent: !isArchive },
      { text: t('dues.list.archive'), href: `${href}?vista=archivio`, isCurrent: isArchive },
    ],
    vista: query.vista,
    filters: filterFields(query, dueTypes, isArchive),
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

function filterFields(
  query: DuesQuery,
  dueTypes: readonly { code: string; name: string }[],
  isArchive: boolean,
): FieldView[] {
  const states = isArchive ? ['paid', 'cancelled'] : ['payable', 'expired', 'paying']
  const option = (value: string, label: string) => ({ value, label })
  const fields: FieldInput[] = [
    { id: 'iuv', label: t('dues.filter.iuv'), maxLength: 40 },
    { id: 'iud', label: t('dues.filter.iud'), maxLength: 35 },
    { id: 'debitore', label: t('dues.filter.debtor'), maxLength: 70 },
    { id: 'causale', label: t('dues.filter.causale'), maxLength: 140 },
    { id: 'flusso', label: t('dues.filter.flow'), maxLength: 150 },
    {
      id: 'tipo',
      label: t('dues.filter.tipo'),
      options: dueTypes.map(({ code, name }) => option(code, name)),
      blank: t('operator.all'),
    },
    {
      id: 'stato',
      label: t('dues.filter.state'),
      options: states.map((state) => option(state, t(`dues.state.${state}`))),
      blank: t('operator.all'),
    },
    {
      id: 'dal',
      label: isArchive ? t('dues.filter.closedFrom') : t('dues.filter.dueFrom'),
      type: 'date',
      maxLength: 10,
    },
    {
      id: 'al',
      label: isArchive ? t('dues.filter.closedTo') : t('dues.filter.dueTo'),
      type: 'date',
      maxLength: 10,
    },
    { id: 'importo-da', label: t('dues.filter.importoFrom'), maxLength: 20, inputMode: 'decimal' },
    { id: 'importo-a', label: t('dues.filter.importoTo'), maxLength: 20, inputMode: 'decimal' },
  ]
  return fields.map((field) => fieldView({ ...field, required: false }, query, {}))
}

/** For people, who open the file in a spreadsheet. */
export const CSV_COLUMNS = [
  t('dues.csv.iud'),
  t('dues.csv.iuv'),
  t('dues.csv.codice'),
  t('dues.csv.debtor'),
  t('dues.csv.causale'),
  t('dues.csv.importo'),
  t('dues.csv.dueOn'),
  t('dues.csv.state'),
  t('dues.csv.tipo'),
  t('dues.csv.changedAt'),
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
  row.dueTypeName,
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
      due.cancelledReason === null ? null : tOr(`dues.cancelled.${due.cancelledReason}`, due.cancelledReason),
    importo: euro(due.importoCents),
    doubt: isDoubtful(due) ? doubtText(due) : null,
    facts: factsOf(due),
    flow: flowOf(due, codIpa, mayOpenFlow),
    shares:
      due.shares.length > 1 ? due.shares.map((share) => ({ ...share, importo: euro(share.cents) })) : null,
    attempts: due.attempts.map((attempt) => ({
      iuv: attempt.iuv,
      at: formatInstant(attempt.requestedAt),
      state: tOr(`dues.attempt.${attempt.state}`, attempt.state),
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
  what: t(`dues.message.${kind}`),
  about: kind === 'mail' ? maskAddress(about) : about,
  outcome: kind === 'mail' ? t(`support.state.email.${outcome}`) : outcome,
})

/** What came is worth a line when it is not the whole amount. */
const isPaidOtherwise = ({ settledCents, importoCents }: DueDetail): boolean =>
  settledCents > 0 && settledCents !== importoCents

const doubtText = ({ unplacedCents, isUnclear }: Doubt): string =>
  [
    ...(unplacedCents > 0 ? [t('dues.detail.doubt.unplaced', { importo: euro(unplacedCents) })] : []),
    ...(isUnclear ? [t('dues.detail.doubt.unclear')] : []),
    t('dues.detail.doubt.support'),
  ].join(' ')

function factsOf(due: DueDetail): { label: string; value: string }[] {
  const { pagatore } = due
  const facts: [string, string | null | undefined][] = [
    [t('dues.detail.fact.debtor'), pagatore.anagrafica],
    [t('dues.label.codiceIdentificativoUnivoco'), pagatore.codice],
    [t('dues.detail.fact.address'), addressLine(pagatore)],
    [t('dues.detail.fact.email'), pagatore.email],
    [t('dues.detail.fact.tipo'), due.dueTypeName],
    [t('dues.detail.fact.dueOn'), dayOrDash(due.dueOn)],
    [t('dues.detail.fact.settled'), isPaidOtherwise(due) ? euro(due.settledCents) : null],
    [t('dues.detail.fact.iud'), due.iud],
    [t('dues.detail.fact.iuv'), due.iuv],
    [t('dues.label.datiSpecificiRiscossione'), due.shares[0]?.datiSpecifici],
    [t('dues.detail.fact.bilancio'), due.bilancio],
    [t('dues.detail.fact.createdAt'), formatInstant(due.createdAt)],
    [t('dues.detail.fact.changedAt'), formatInstant(due.changedAt)],
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
      : [{ at: formatInstant(due.createdAt), text: t('dues.timeline.fromFlow') }]
  return [...birth, ...events.map((event) => ({ at: formatInstant(event.at), text: eventText(event) }))]
}

function eventText({ kind, toState, data }: DueEvent): string {
  const isMove = kind === 'moved' && toState !== null
  const what = isMove ? t(`dues.state.${toState}`) : tOr(`dues.event.${kind}`, kind)
  const who = actorText(data)
  const said = who === null ? what : t('dues.timeline.by', { what, who })
  const details = isMove ? '' : changesText(data)
  return details === '' ? said : t('dues.timeline.details', { what: said, details })
}

function changesText(data: Record<string, unknown>): string {
  const [before, after] = (data['importoCents'] as [number, number] | undefined) ?? []
  const parts = [
    before !== undefined && after !== undefined && before !== after
      ? t('dues.timeline.importo', { before: euro(before), after: euro(after) })
      : '',
    dueOnText(data['dueOn'] as [string | null, string | null] | undefined),
    ...((data['fields'] as string[] | undefined) ?? []).map((field) => tOr(`dues.field.${field}`, field)),
    typeof data['row'] === 'number' ? t('dues.timeline.row', { row: data['row'] }) : '',
  ].filter((part) => part !== '')
  return parts.join(', ')
}

function dueOnText(days: [string | null, string | null] | undefined): string {
  if (!days || days.length < 2 || days[0] === days[1]) return ''
  return t('dues.timeline.dueOn', { before: dayOrDash(days[0]), after: dayOrDash(days[1]) })
}
