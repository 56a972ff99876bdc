import type { FlowDue } from './values.ts'

/** What two rows, or a row and a due, must have in common to be the same debt. */
export interface Debt {
  codice: string
  cents: number
  dueTypeCode: string
  causale: string
  dueOn: string | null
}

export const debtOf = ({ pagatore, importo, dueType, causale, dueOn }: FlowDue): Debt => ({
  codice: pagatore.codice,
  cents: importo,
  dueTypeCode: dueType.code,
  causale,
  dueOn: dueOn ?? null,
})

export const isSame = (one: Debt, other: Debt): boolean =>
  one.codice === other.codice &&
  one.cents === other.cents &&
  one.dueTypeCode === other.dueTypeCode &&
  one.causale === other.causale &&
  one.dueOn === other.dueOn

export const isSameDebt = (one: FlowDue, other: FlowDue): boolean => isSame(debtOf(one), debtOf(other))
