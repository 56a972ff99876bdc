import { hasFiscalForm } from '../../domain/codice-fiscale.ts'
import type { DueCodes, DueFilter, DueOrder, DueStateFilter } from '../../db/due/search.ts'
import { leftOut } from '../../domain/left-out.ts'
import { iudOf } from '../../domain/iud.ts'
import { iuvsIn } from '../../domain/iuv.ts'
import { ANONYMOUS } from '../../domain/person.ts'
import { t } from '../../templates/language.ts'
import type { FieldInput, Typed } from '../form/field-view.ts'
import { trimmedText } from '../form/read-request.ts'
import { amount, day, number, oneOf, word, type Values } from '../list/filters.ts'
import type { ChipPart } from '../list/list-page.ts'

/** The two views of the dues of an ente: those that are payable or being paid, and those that are paid or cancelled. */
export type View = 'online' | 'archivio'

export const viewOf = ({ vista }: Typed): View => (vista === 'archivio' ? 'archivio' : 'online')

const STATES: Record<View, readonly DueStateFilter[]> = {
  online: ['payable', 'expired', 'paying'],
  archivio: ['paid', 'cancelled'],
}

/** The orders of the list, by their names in the address. Without a name the newest due comes first. */
const ORDERS = {
  scadenza: 'dayUp',
  'scadenza-lontana': 'dayDown',
  'importo-alto': 'amountDown',
  'importo-basso': 'amountUp',
  nome: 'nameUp',
  'nome-dalla-z': 'nameDown',
  variazione: 'changeDown',
  'variazione-lontana': 'changeUp',
} as const satisfies Record<string, DueOrder>

const ORDER_NAMES = Object.keys(ORDERS) as (keyof typeof ORDERS)[]

export const orderOf = ({ ordine }: DuesSearch): DueOrder =>
  ordine === undefined ? 'newest' : ORDERS[ordine]

/** The filters of the search of dues, by their names in the address. */
export const DUES_FILTERS = {
  q: word(140),
  ordine: oneOf(ORDER_NAMES),
  iuv: word(40),
  iud: word(35),
  debitore: word(70),
  causale: word(140),
  flusso: word(150),
  operazione: number,
  tipo: word(64),
  stato: oneOf([...STATES.online, ...STATES.archivio]),
  dal: day,
  al: day,
  'pagati-dal': day,
  'pagati-al': day,
  'importo-da': amount,
  'importo-a': amount,
}

export const DUES_SPANS = [
  ['dal', 'al'],
  ['pagati-dal', 'pagati-al'],
  ['importo-da', 'importo-a'],
] as const

export type DuesSearch = Values<typeof DUES_FILTERS>

const SEARCH_NAMES = [...Object.keys(DUES_FILTERS), 'vista']

/** The part of an address that is a search. */
export const searchIn = (query: Typed): Record<string, string> =>
  Object.fromEntries(
    SEARCH_NAMES.map((key) => [key, query[key]]).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
    ),
  )

/** A query as one text: in the hidden field `ricerca` of a form, and in the row of a saved search. */
export const queryText = (query: Record<string, string>): string => new URLSearchParams(query).toString()

/** A search as the hidden field `ricerca` of a form carries it. */
export const searchText = (query: Typed): string => queryText(searchIn(query))

/** The query of the list that a form carries in its field `ricerca`, with the place of its page if it was given. */
export const sentQuery = (typed: Typed): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(trimmedText(typed, 'ricerca')))

/** The search in that query. */
export const sentSearch = (typed: Typed): Record<string, string> => searchIn(sentQuery(typed))

/**
 * The filter of a search. `q` is left out: who reads it must know whether it is a code (dues-search.ts).
 * @param tab undefined for both tabs
 */
export const dueFilter = (search: DuesSearch, tab: DueFilter['tab']): DueFilter => ({
  ids: undefined,
  // What an act was done to may be in either tab since.
  tab: search.operazione === undefined ? tab : undefined,
  act: search.operazione,
  codes: undefined,
  text: undefined,
  iuvs: search.iuv === undefined ? undefined : iuvsIn(compact(search.iuv)),
  iud: search.iud === undefined ? undefined : iudOf(search.iud),
  ...payerOf(search.debitore),
  causale: search.causale,
  flow: search.flusso,
  dueType: search.tipo,
  state: search.stato,
  from: search.dal,
  to: search.al,
  paidFrom: search['pagati-dal'],
  paidTo: search['pagati-al'],
  minCents: search['importo-da'],
  maxCents: search['importo-a'],
})

/** The parts of the text of the box, when it leaves words out. */
export function boxParts(typed: string): ChipPart[] {
  const { text, without } = leftOut(typed)
  const given = [text, ...without.map((word) => `-${word}`)]
  return without.length === 0
    ? []
    : given.flatMap((part, at) => {
        const others = given
          .filter((_, other) => other !== at)
          .join(' ')
          .trim()
        if (at > 0) return [{ label: t('dues.filter.without'), value: part.slice(1), others }]
        return part === '' ? [] : [{ value: part, others }]
      })
}

/** The codes that the text of the box may stand for. A text may be an IUD whatever it looks like. */
export const codesIn = (text: string): DueCodes => ({
  iuvs: iuvsIn(compact(text)),
  iud: iudOf(text),
  codice: fiscalCodeOf(text),
})

/** A text that looks like a fiscal code is compared exactly, which uses an index; any other text is looked for in the names. */
function payerOf(text: string | undefined): { codice: string | undefined; name: string | undefined } {
  const isAnonymous = text !== undefined && compact(text) === ANONYMOUS
  const codice = text === undefined ? undefined : isAnonymous ? ANONYMOUS : fiscalCodeOf(text)
  return { codice, name: codice === undefined ? text : undefined }
}

/** The fiscal code or VAT number that a text looks like, or undefined. */
function fiscalCodeOf(text: string): string | undefined {
  const code = compact(text)
  return hasFiscalForm(code) ? code : undefined
}

const compact = (text: string): string => text.replace(/\s/g, '').toUpperCase()

/** The fields above the folded ones: the box, and the order of the list. */
export const topFields = (): FieldInput[] => [
  { id: 'q', label: t('dues.filter.q'), help: t('dues.filter.qHelp'), maxLength: 140 },
  {
    id: 'ordine',
    label: t('dues.filter.order'),
    options: ORDER_NAMES.map((value) => ({ value, label: t(`dues.order.${value}`) })),
    blank: t('dues.order.newest'),
  },
]
const PAID_FIELDS = [
  { id: 'pagati-dal', label: t('dues.filter.paidFrom'), type: 'date', maxLength: 10 },
  { id: 'pagati-al', label: t('dues.filter.paidTo'), type: 'date', maxLength: 10 },
] as const

/** The fields of the search. Its days are due dates; in the archive they are the days on which dues were closed. */
export function dueFields(view: View, dueTypes: readonly { code: string; name: string }[]): FieldInput[] {
  const [from, to] = view === 'archivio' ? ['closedFrom', 'closedTo'] : ['dueFrom', 'dueTo']
  return [
    { id: 'iuv', label: t('dues.filter.iuv'), maxLength: 40 },
    { id: 'iud', label: t('dues.filter.iud'), maxLength: 35 },
    { id: 'debitore', label: t('dues.filter.debtor'), maxLength: 70 },
    { id: 'causale', label: t('dues.filter.causale'), maxLength: 140 },
    { id: 'flusso', label: t('dues.filter.flow'), maxLength: 150 },
    { id: 'operazione', label: t('dues.filter.act'), maxLength: 15, inputMode: 'numeric' },
    {
      id: 'tipo',
      label: t('dues.filter.tipo'),
      options: dueTypes.map(({ code, name }) => ({ value: code, label: name })),
      blank: t('operator.all'),
    },
    {
      id: 'stato',
      label: t('dues.filter.state'),
      options: STATES[view].map((state) => ({ value: state, label: t(`dues.state.${state}`) })),
      blank: t('operator.all'),
    },
    { id: 'dal', label: t(`dues.filter.${from}`), type: 'date', maxLength: 10 },
    { id: 'al', label: t(`dues.filter.${to}`), type: 'date', maxLength: 10 },
    ...(view === 'archivio' ? PAID_FIELDS : []),
    { id: 'importo-da', label: t('dues.filter.importoFrom'), maxLength: 20, inputMode: 'decimal' },
    { id: 'importo-a', label: t('dues.filter.importoTo'), maxLength: 20, inputMode: 'decimal' },
  ]
}
