/** A due as the grouping rule needs it. */
export interface Groupable {
  dovutoId: string
  iuv: string | null
  enteId: string
  pagatoreCodice: string
  /** The type asks for an RPT of its own. */
  separate: boolean
  hasSecondary: boolean
}

export interface Group {
  /** The notice's own IUV; null asks for a generated IUV25. */
  iuv: string | null
  dovutoIds: string[]
}

/**
 * Dues into RPTs: a due with its own IUV alone, a type that asks for it alone, the rest one RPT per (ente, pagatore)
 * with up to five positions. Source: payments.md §5.2 step 2.
 */
export function groupIntoRpts(dovuti: readonly Groupable[]): Group[] {
  const groups = new Map<string, Group>()
  for (const dovuto of dovuti) {
    const alone = dovuto.iuv !== null || dovuto.separate || dovuto.hasSecondary
    const key = alone ? `one:${dovuto.dovutoId}` : `shared:${dovuto.enteId}:${dovuto.pagatoreCodice}`
    const group = groups.get(key) ?? { iuv: dovuto.iuv, dovutoIds: [] }
    group.dovutoIds.push(dovuto.dovutoId)
    groups.set(key, group)
  }
  return [...groups.values()]
}

export const MAX_CART_ITEMS = 5

export type CartProblem = 'CART_EMPTY' | 'CART_FULL' | 'CART_MIX_NOT_ALLOWED'

/** 1..5 items; a due with a secondary beneficiary travels alone. Source: payments.md §4. */
export function cartProblem(dovuti: readonly Pick<Groupable, 'hasSecondary'>[]): CartProblem | undefined {
  if (dovuti.length === 0) return 'CART_EMPTY'
  if (dovuti.length > MAX_CART_ITEMS) return 'CART_FULL'
  if (dovuti.length > 1 && dovuti.some((d) => d.hasSecondary)) return 'CART_MIX_NOT_ALLOWED'
  return undefined
}
