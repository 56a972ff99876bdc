import type { FlowFilter } from '../../db/reporting/list.ts'
import { SHOWN_REPORTING_STATES } from '../../domain/reporting/shown-state.ts'
import { t } from '../../templates/language.ts'
import { amount, day, oneOf, word, type Values } from '../list/filters.ts'

/** What reporting flows are searched by. */
export const FILTERS = {
  flusso: word(255),
  psp: word(100),
  'prodotto-dal': day,
  'prodotto-al': day,
  'disponibile-dal': day,
  'disponibile-al': day,
  importo: amount,
  stato: oneOf(SHOWN_REPORTING_STATES),
}

export const SPANS = [
  ['prodotto-dal', 'prodotto-al'],
  ['disponibile-dal', 'disponibile-al'],
] as const

const dayField = (id: string, name: string) => ({
  id,
  label: t(`reporting.filter.${name}`),
  type: 'date' as const,
  maxLength: 10,
})

/** The fields of the search. */
export const FIELDS = [
  { id: 'flusso', label: t('reporting.filter.id'), maxLength: 255 },
  { id: 'psp', label: t('reporting.filter.psp'), maxLength: 100 },
  dayField('prodotto-dal', 'producedFrom'),
  dayField('prodotto-al', 'producedTo'),
  dayField('disponibile-dal', 'availableFrom'),
  dayField('disponibile-al', 'availableTo'),
  { id: 'importo', label: t('reporting.filter.amount'), maxLength: 20 },
  {
    id: 'stato',
    label: t('reporting.filter.state'),
    options: SHOWN_REPORTING_STATES.map((state) => ({ value: state, label: t(`reporting.state.${state}`) })),
    blank: t('operator.all'),
  },
]

export const flowFilter = (values: Values<typeof FILTERS>): FlowFilter => ({
  flowId: values.flusso,
  psp: values.psp,
  producedFrom: values['prodotto-dal'],
  producedTo: values['prodotto-al'],
  availableFrom: values['disponibile-dal'],
  availableTo: values['disponibile-al'],
  cents: values.importo,
  state: values.stato,
})
