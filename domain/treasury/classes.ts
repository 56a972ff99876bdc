/** Words of older products, which an export keeps. Null: everything is explained. */
export const CREDIT_CLASSES = ['TES_NO_MATCH', 'TES_NO_IUF_OR_IUV', 'IUF_TES_DIV_IMP'] as const
export type CreditClass = (typeof CREDIT_CLASSES)[number]
export const FLOW_CLASSES = ['IUF_NO_TES', 'IUF_TES_DIV_IMP'] as const
export type FlowClass = (typeof FLOW_CLASSES)[number]

/** Which sentence gave the class. */
export type ClassRule =
  'tied' | 'no_id' | 'id_unknown' | 'amount_differs' | 'double' | 'no_credit' | 'no_treasury'

/** The class of a credit and the rule that gave it. Source: docs/field/treasury.md#classes. */
export function creditClass(of: {
  isTied: boolean
  isDouble: boolean
  hasWholeId: boolean
  isPagoPa: boolean
}): { class: CreditClass | null; rule: ClassRule } {
  if (of.isTied) return { class: null, rule: 'tied' }
  if (of.isDouble) return { class: 'IUF_TES_DIV_IMP', rule: 'double' }
  if (of.hasWholeId) return { class: 'IUF_TES_DIV_IMP', rule: 'amount_differs' }
  return of.isPagoPa
    ? { class: 'TES_NO_IUF_OR_IUV', rule: 'id_unknown' }
    : { class: 'TES_NO_MATCH', rule: 'no_id' }
}

/** The class of a flow. An ente that loads no files of its bank has none. Source: docs/field/treasury.md#classes. */
export function flowClass(of: { hasTreasury: boolean; isTied: boolean; hasCredit: boolean }): {
  class: FlowClass | null
  rule: ClassRule
} {
  if (!of.hasTreasury) return { class: null, rule: 'no_treasury' }
  if (of.isTied) return { class: null, rule: 'tied' }
  return of.hasCredit
    ? { class: 'IUF_TES_DIV_IMP', rule: 'amount_differs' }
    : { class: 'IUF_NO_TES', rule: 'no_credit' }
}
