import type { DueFilter, DueStateFilter } from '../../db/due/dues.ts'
import { iudOf } from '../../domain/iud.ts'
import { iuvOfNotice } from '../../domain/iuv.ts'
import { t } from '../../templates/language.ts'
import type { FieldInput, Typed } from '../form/field-view.ts'
import { amount, day, oneOf, word, type Values } from '../list/filters.ts'

/** The two views of the dues of an ente: those that are payable or being paid, and those that are paid or cancelled. */
export type View = 'online' | 'archivio'

export const viewOf = ({ vista }: Typed): View => (vista === 'archivio' ? 'archivio' : 'online')

const STATES: Record<View, readonly DueStateFilter[]> = {
  online: ['payable', 'expired', 'paying'],
  archivio: ['paid', 'cancelled'],
}

/** The filters of the search of dues, by their names in the address. */
export const DUES_FILTERS = {
  iuv: word(40),
  iud: word(35),
  debitore: word(70),
  causale: word(140),
  flusso: word(150),
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

export const dueFilter = (search: DuesSearch, view: View): DueFilter => ({
  archive: view === 'archivio',
  iuvs: search.iuv === undefined ? undefined : iuvsOf(search.iuv),
  iud: search.iud === undefined ? undefined : iudOf(search.iud),
  payer: search.debitore,
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

/** The IUVs that a typed text may stand for: the text itself, and the IUV in it if it is the number of a notice. */
function iuvsOf(text: string): string[] {
  const compact = text.replace(/\s/g, '').toUpperCase()
  return [...new Set([compact, iuvOfNotice(compact) ?? compact])]
}

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
