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
  const rule = creditRule(of)
  return { class: creditClassOf(rule), rule }
}

function creditRule(of: Parameters<typeof creditClass>[0]): ClassRule {
  if (of.isTied) return 'tied'
  if (of.isDouble) return 'double'
  if (of.hasWholeId) return 'amount_differs'
  return of.isPagoPa ? 'id_unknown' : 'no_id'
}

const CREDIT_CLASS_OF: Partial<Record<ClassRule, CreditClass>> = {
  double: 'IUF_TES_DIV_IMP',
  amount_differs: 'IUF_TES_DIV_IMP',
  id_unknown: 'TES_NO_IUF_OR_IUV',
  no_id: 'TES_NO_MATCH',
}

/** The class of a credit whose rule is known; null when there is nothing to explain. */
export const creditClassOf = (rule: ClassRule): CreditClass | null => CREDIT_CLASS_OF[rule] ?? null

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
