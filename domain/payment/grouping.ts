/** The facts of a due that the grouping rule needs. */
export interface Groupable {
  dueId: string
  iuv: string | null
  enteId: string
  pagatoreCodice: string
  /** True when its type requires an attempt of its own. */
  separate: boolean
  hasSecondary: boolean
}

export interface Group {
  /** The IUV of the notice; null when an IUV25 must be generated. */
  iuv: string | null
  dueIds: string[]
}

/**
 * Groups dues into attempts: one each for a due with its own IUV, of a separate type or with two beneficiaries; one per
 * (ente, pagatore) for the rest, with up to five positions. Source: docs/field/payments.md#attempt.
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

const MAX_CART_ITEMS = 5

export type CartProblem = 'CART_EMPTY' | 'CART_FULL' | 'CART_MIX_NOT_ALLOWED'

/**
 * Undefined for a valid cart: 1 to 5 items, and a due with a second beneficiary only alone. Source:
 * docs/field/payments.md#cart.
 */
export function cartProblem(dues: readonly Pick<Groupable, 'hasSecondary'>[]): CartProblem | undefined {
  if (dues.length === 0) return 'CART_EMPTY'
  if (dues.length > MAX_CART_ITEMS) return 'CART_FULL'
  if (dues.length > 1 && dues.some((d) => d.hasSecondary)) return 'CART_MIX_NOT_ALLOWED'
  return undefined
}
