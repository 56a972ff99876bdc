import { keyOf } from '../world/facts.ts'
import type { Fault } from './fault.ts'
import type { ReadRpt } from './rpt-checks.ts'

export type CartRead = { idCart: string; isMultiBeneficiary: boolean; rpts: ReadRpt[] }

type Rule = { says: string; broken: (cart: CartRead) => boolean }

/** Rules for a cart as a whole. A broken one gives PPT_SEMANTICA. */
const RULES: readonly Rule[] = [
  {
    says: 'RPT ripetuta nel carrello',
    broken: ({ rpts }) => new Set(rpts.map(keyOf)).size !== rpts.length,
  },
  {
    says: 'un solo versante per carrello',
    broken: ({ rpts }) => new Set(rpts.map(({ rpt }) => rpt.payer)).size > 1,
  },
  {
    says: 'OBEP solo da sola',
    broken: ({ rpts }) => rpts.length > 1 && rpts.some(({ rpt }) => rpt.kind === 'OBEP'),
  },
]

const different = (values: string[]) => new Set(values).size === values.length
const items = ({ rpts }: CartRead) => rpts.flatMap(({ rpt }) => rpt.items)

/**
 * Rules for one payment to two enti. The name of the cart is the ente's fiscal code, the notice number and a
 * progressive.
 */
const MULTI_RULES: readonly Rule[] = [
  { says: 'identificativoCarrello', broken: (cart) => !isMultiName(cart) },
  { says: 'servono due RPT', broken: ({ rpts }) => rpts.length !== 2 },
  { says: 'stesso IUV', broken: ({ rpts }) => new Set(rpts.map(({ iuv }) => iuv)).size !== 1 },
  {
    says: 'stessa dataEsecuzionePagamento',
    broken: ({ rpts }) => new Set(rpts.map(({ rpt }) => rpt.executionOn)).size !== 1,
  },
  { says: 'enti diversi', broken: ({ rpts }) => !different(rpts.map(({ domain }) => domain)) },
  { says: 'un versamento nella seconda RPT', broken: ({ rpts }) => rpts[1]?.rpt.items.length !== 1 },
  { says: 'al più cinque versamenti', broken: (cart) => items(cart).length > 5 },
  { says: 'niente marca da bollo', broken: (cart) => items(cart).some(({ hasStamp }) => hasStamp) },
]

export function checkMultiBeneficiary(cart: CartRead): Fault | undefined {
  const rule = cart.isMultiBeneficiary ? MULTI_RULES.find(({ broken }) => broken(cart)) : undefined
  return rule && { code: 'PPT_MULTI_BENEFICIARIO', description: rule.says }
}

export function checkCart(cart: CartRead): Fault | undefined {
  const rule = RULES.find(({ broken }) => broken(cart))
  return rule && { code: 'PPT_SEMANTICA', description: rule.says }
}

function isMultiName({ idCart, rpts }: CartRead): boolean {
  return /^\d{11}\d{18}-\d{5}$/.test(idCart) && idCart.startsWith(rpts[0]?.domain ?? '?')
}
