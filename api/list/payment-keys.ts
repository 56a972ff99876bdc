import { z } from 'zod'
import type { SearchKeys } from '../../db/payment/support.ts'
import { iudOf } from '../../domain/iud.ts'
import { iuvOfNotice } from '../../domain/iuv.ts'

/**
 * The keys of a payment that a typed text may stand for: the id of a cart, an IUV (as typed or in capitals), a notice number or an IUD. The
 * search uses all of them.
 */
export function paymentKeys(text: string): SearchKeys {
  const isId = z.uuid().safeParse(text).success
  const iuvs = [text.toUpperCase(), text, iuvOfNotice(text)].filter((iuv) => iuv !== undefined)
  return { cartId: isId ? text : null, iuvs: [...new Set(iuvs)], iud: iudOf(text) }
}
