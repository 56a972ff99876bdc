import { z } from 'zod'
import type { SearchKeys } from '../../db/payment/support.ts'
import { iudOf } from '../../domain/iud.ts'
import { iuvOfNotice } from '../../domain/iuv.ts'

/** What a searched text may be: a cart's id, an IUV, a notice number or an IUD. Each index is asked for what the text could mean there. */
export function paymentKeys(text: string): SearchKeys {
  const isId = z.uuid().safeParse(text).success
  const iuvs = [text.toUpperCase(), text, iuvOfNotice(text)].filter((iuv) => iuv !== undefined)
  return { cartId: isId ? text : null, iuvs: [...new Set(iuvs)], iud: iudOf(text) }
}
