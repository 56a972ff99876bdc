/** What a reported row is, in the order in which the rules are asked. Source: docs/field/reporting.md#classes. */
export const ROW_CLASSES = [
  'superseded',
  'code_unknown',
  'amount_invalid',
  'revoked',
  'duplicate',
  'matched',
  'due_unknown',
  'amount_differs',
  'paid_twice',
  'receipt_missing',
  'paid_without_receipt',
] as const

export type RowClass = (typeof ROW_CLASSES)[number]
