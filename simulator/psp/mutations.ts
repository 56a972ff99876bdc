import type { Mutation } from '../behaviour/kinds.ts'
import type { PaidItem, Receipt } from './receipt.ts'

/** The code of an ente and of a broker that no product knows. */
const STRANGER = '99999999990'

/** Possible defects of a receipt. Each function takes an honest receipt and returns a mutated one. */
export const MUTATE: Record<Mutation, (receipt: Receipt) => Receipt> = {
  // The PSP took another amount: the total is the sum, but not the requested amount.
  amount: (r) => ({ ...r, ...otherAmount(r) }),
  sum: (r) => ({ ...r, cents: r.cents + 1 }),
  iuv: (r) => named(r, { iuv: otherEnd(r.iuv) }),
  ccp: (r) => named(r, { ccp: `${r.ccp.slice(0, 30)}-X` }),
  domain: (r) => ({ ...r, domain: STRANGER }),
  unknown_domain: (r) => named(r, { domain: STRANGER }),
  station: (r) => ({ ...r, header: { ...r.header, station: `${STRANGER}_01` } }),
  broker: (r) => ({ ...r, header: { ...r.header, broker: STRANGER } }),
  reference: (r) => ({ ...r, reference: `ALTRA${r.reference}`.slice(0, 35) }),
  causale: (r) => ({ ...r, items: r.items.map((item) => ({ ...item, causale: 'Altra causale' })) }),
  payer: (r) => ({ ...r, rpt: { ...r.rpt, pagatore: r.rpt.pagatore && renamed(r.rpt.pagatore) } }),
  category: (r) => ({ ...r, items: r.items.map((item) => ({ ...item, category: '9/ALTRO' })) }),
  count: (r) => ({ ...r, items: otherCount(r.items) }),
  xsd: (r) => ({ ...r, extra: 'x' }),
}

/** Mutations that the product must accept. The mutated document is the true one, so no correct one follows. */
export const ACCEPTABLE: readonly Mutation[] = ['amount', 'payer', 'category']

function otherAmount({ items }: Receipt): Pick<Receipt, 'items' | 'cents'> {
  // One cent more on the first item, because a cent less could make it unpaid.
  const changed = items.map((item, index) => (index === 0 ? { ...item, cents: item.cents + 1 } : item))
  return { items: changed, cents: changed.reduce((total, item) => total + item.cents, 0) }
}

/** The same total in another number of items. */
function otherCount([first, ...others]: PaidItem[]): PaidItem[] {
  if (!first) return []
  const last = others.pop()
  if (last) return [{ ...first, cents: first.cents + last.cents }, ...others]
  return [
    { ...first, cents: first.cents - 1 },
    { ...first, cents: 1 },
  ]
}

function named(receipt: Receipt, other: Partial<Pick<Receipt, 'domain' | 'iuv' | 'ccp'>>): Receipt {
  return { ...receipt, ...other, header: { ...receipt.header, ...other } }
}

/** An IUV of the same length with other last two digits, which belongs to nobody. */
function otherEnd(iuv: string): string {
  return `${iuv.slice(0, -2)}${String((Number(iuv.slice(-2)) || 0) + 50)
    .slice(-2)
    .padStart(2, '0')}`
}

function renamed(tree: NonNullable<Receipt['rpt']['pagatore']>): typeof tree {
  const children = tree.children.map((child) =>
    child.name.startsWith('anagrafica') ? { ...child, text: 'Persona Diversa' } : child,
  )
  return { ...tree, children }
}
