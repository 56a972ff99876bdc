/** A due as the grouping rule needs it. */
export interface Groupable {
  dueId: string
  iuv: string | null
  enteId: string
  pagatoreCodice: string
  /** The type asks for an attempt of its own. */
  separate: boolean
  hasSecondary: boolean
}

export interface Group {
  /** The notice's own IUV; null asks for a generated IUV25. */
  iuv: string | null
  dueIds: string[]
}

/**
 * Dues into attempts: a due with its own IUV alone, a type that asks for it alone, the rest one attempt per (ente, pagatore)
 * with up to five positions. Source: docs/field/payments.md#attempt.
 */
export function groupIntoAttempts(dues: readonly Groupable[]): Group[] {
  const groups = new Map<string, Group>()
  for (const due of dues) {
    const alone = due.iuv !== null || due.separate || due.hasSecondary
    const key = alone ? `one:${due.dueId}` : `shared:${due.enteId}:${due.pagatoreCodice}`
    const group = groups.get(key) ?? { iuv: due.iuv, dueIds: [] }
    group.dueIds.push(due.dueId)
    groups.set(key, group)
  }
  return [...groups.values()]
}

export const MAX_CART_ITEMS = 5

export type CartProblem = 'CART_EMPTY' | 'CART_FULL' | 'CART_MIX_NOT_ALLOWED'

/** 1..5 items; a due with a secondary beneficiary travels alone. Source: docs/field/payments.md#cart. */
export function cartProblem(dues: readonly Pick<Groupable, 'hasSecondary'>[]): CartProblem | undefined {
  if (dues.length === 0) return 'CART_EMPTY'
  if (dues.length > MAX_CART_ITEMS) return 'CART_FULL'
  if (dues.length > 1 && dues.some((d) => d.hasSecondary)) return 'CART_MIX_NOT_ALLOWED'
  return undefined
}
