/** Calls that the node serves. They are also operations that a rule can name. */
export const NODE_OPERATIONS = [
  'nodoInviaRPT',
  'nodoInviaCarrelloRPT',
  'nodoChiediStatoRPT',
  'nodoChiediListaPendentiRPT',
  'nodoChiediCopiaRT',
  'nodoChiediElencoFlussiRendicontazione',
  'nodoChiediFlussoRendicontazione',
  'nodoChiediElencoQuadraturePA',
  'nodoChiediQuadraturaPA',
] as const

export type NodeOperation = (typeof NODE_OPERATIONS)[number]

/**
 * `rt`: which document is made. `paaInviaRT`: how one delivery of it goes. `paaAttivaRPT`: how a counter begins a
 * payment. `redirect`: how the payer comes back. `reporting`: the REST reads of flows.
 */
export const OPERATIONS = [
  ...NODE_OPERATIONS,
  'nodo',
  'rt',
  'paaInviaRT',
  'paaAttivaRPT',
  'redirect',
  'smtp',
  'reporting',
] as const

export type Operation = (typeof OPERATIONS)[number]

type Param = 'code' | 'state' | 'what' | 'esito'

/** The forms that some kinds have; the first one of a kind is what it does by default. */
export const FORMS = ['seconds', 'date', 'none', 'status', 'truncated', 'added', 'removed'] as const

export type Form = (typeof FORMS)[number]

/** Of which calls of the reporting API a kind speaks, unless its rule says something else. */
type Calls = { call?: 'list' | 'payments'; key?: 'first'; page?: number }

/** `needs`: parameters that a kind requires. */
type Kind = { needs?: Param[]; forms?: Form[]; match?: Calls }

const NODE = {
  fault: { needs: ['code'] },
  timeout: {},
  slow: {},
  malformed: {},
  html_502: {},
  http_500: {},
  soap_fault: {},
  not_offered: {},
  drop: {},
  barrier: {},
  repeat: {},
  reorder: {},
  state: { needs: ['state'] },
  with_esito: {},
  without_esito: {},
} satisfies Record<string, Kind>

const RT = {
  late: {},
  copies: {},
  second_document: {},
  mutate: { needs: ['what'] },
  unusual: {},
  negative: {},
  negative_first: {},
  code: { needs: ['code'] },
  on_request: {},
  before_redirect: {},
  after_redirect: {},
} satisfies Record<string, Kind>

const DELIVERY = { drop: {}, hang_up: {}, slow: {}, reorder: {}, barrier: {} } satisfies Record<string, Kind>
const ACTIVATION = { repeat: {}, leave: {} } satisfies Record<string, Kind>
const REDIRECT = { esito: { needs: ['esito'] }, none: {}, slow: {} } satisfies Record<string, Kind>
const SMTP = {
  refuse: { needs: ['code'] },
  hang: {},
  drop: {},
  slow: {},
} satisfies Record<string, Kind>

const REPORTING = {
  too_many: { forms: ['seconds', 'date', 'none'] },
  unauthorized: { match: { key: 'first' } },
  broken_page: { forms: ['status', 'truncated'], match: { page: 1 } },
  shifting: { forms: ['added', 'removed'], match: { call: 'list' } },
  duplicate_index: { match: { call: 'payments' } },
  empty: {},
  slow: {},
  drop: {},
  barrier: {},
  http_500: {},
  malformed: {},
} satisfies Record<string, Kind>

export type NodeKind = keyof typeof NODE
export type ReportingKind = keyof typeof REPORTING

/** The kinds of misbehaviour that an operation can have. */
export function kindsOf(operation: Operation): Record<string, Kind> {
  if (operation === 'rt') return RT
  if (operation === 'paaInviaRT') return DELIVERY
  if (operation === 'paaAttivaRPT') return ACTIVATION
  if (operation === 'redirect') return REDIRECT
  if (operation === 'reporting') return REPORTING
  return operation === 'smtp' ? SMTP : NODE
}

/** What `mutate` can change in an RT; each is one line of psp/mutations.ts. */
export const MUTATIONS = [
  'amount',
  'sum',
  'iuv',
  'ccp',
  'domain',
  'unknown_domain',
  'station',
  'broker',
  'reference',
  'causale',
  'payer',
  'category',
  'count',
  'xsd',
] as const

export type Mutation = (typeof MUTATIONS)[number]
