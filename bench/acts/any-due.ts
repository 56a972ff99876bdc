import type { DueFilter } from '../../db/due/search.ts'

/** Every due; whoever wants some of them says which. */
export const ANY_DUE = {
  tab: undefined,
  codes: undefined,
  text: undefined,
  iuvs: undefined,
  iud: undefined,
  codice: undefined,
  name: undefined,
  causale: undefined,
  flow: undefined,
  dueType: undefined,
  state: undefined,
  from: undefined,
  to: undefined,
  paidFrom: undefined,
  paidTo: undefined,
  minCents: undefined,
  maxCents: undefined,
} satisfies Omit<DueFilter, 'ids'>
