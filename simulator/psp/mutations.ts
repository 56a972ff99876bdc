import type { Mutation } from '../behaviour/kinds.ts'
import type { PaidItem, Receipt } from './receipt.ts'

/** An ente and a broker no product knows. */
const STRANGER = '99999999990'

/** What can be wrong with a receipt. Each takes an honest one and returns a spoilt one. */
export const MUTATE: Record<Mutation, (receipt: Receipt) => Receipt> = {
  // The PSP took another amount: the document adds up, but not to what was asked.
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

/** Mutations the product is told to accept: the document is the truth and no other follows. */
export const ACCEPTABLE: readonly Mutation[] = ['amount', 'payer', 'category']

function otherAmount({ items }: Receipt): Pick<Receipt, 'items' | 'cents'> {
  // One cent more on the first item: a cent less could make it unpaid.
  const changed = items.map((item, index) => (index === 0 ? { ...item, cents: item.cents + 1 } : item))
  return { items: changed, cents: changed.reduce((total, item) => total + item.cents, 0) }
}

/** Same total in another number of items. */
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

/** Same length, other last two digits: nobody's identifier. */
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
