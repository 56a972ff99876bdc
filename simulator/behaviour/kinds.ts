/** The calls the node serves, which are also names a behaviour can aim at. */
export const NODE_OPERATIONS = [
  'nodoInviaRPT',
  'nodoInviaCarrelloRPT',
  'nodoChiediStatoRPT',
  'nodoChiediListaPendentiRPT',
  'nodoChiediCopiaRT',
  'nodoChiediElencoFlussiRendicontazione',
  'nodoChiediFlussoRendicontazione',
] as const

export type NodeOperation = (typeof NODE_OPERATIONS)[number]

/**
 * `rt`: what document is made. `paaInviaRT`: how one delivery of it goes. `paaAttivaRPT`: how a counter begins a payment.
 * `redirect`: the payer's way back.
 */
export const OPERATIONS = [
  ...NODE_OPERATIONS,
  'nodo',
  'rt',
  'paaInviaRT',
  'paaAttivaRPT',
  'redirect',
  'smtp',
] as const

export type Operation = (typeof OPERATIONS)[number]

type Param = 'code' | 'state' | 'what' | 'esito'

/** Parameters a kind cannot do without. */
type Kind = { needs?: Param[] }

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

export type NodeKind = keyof typeof NODE

/** Which misbehaviours make sense where. */
export function kindsOf(operation: Operation): Record<string, Kind> {
  if (operation === 'rt') return RT
  if (operation === 'paaInviaRT') return DELIVERY
  if (operation === 'paaAttivaRPT') return ACTIVATION
  if (operation === 'redirect') return REDIRECT
  return operation === 'smtp' ? SMTP : NODE
}

/** What `mutate` can spoil in an RT; each is one line of psp/mutations.ts. */
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
