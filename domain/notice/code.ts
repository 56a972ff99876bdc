import { iuvOfAvviso } from '../iuv.ts'

/** What a person typed, pasted or scanned from a notice. */
export interface NoticeCode {
  iuv: string
  /** Fiscal code of the ente, when the text names it: the QR does, a number does not. */
  domain?: string
}

/** "PAGOPA|002|<number>|<ente>|<cents>", as the QR of a notice says. Source: pagopa.md §8.2. */
const QR = /^PAGOPA\|002\|(\d{18})\|(\d{11})\|\d{1,12}$/i

/** Blanks, dots and dashes between the digits are forgiven. `undefined`: no notice of pagoPA has such a code. */
export function readNoticeCode(text: string): NoticeCode | undefined {
  const typed = text.trim()
  const qr = QR.exec(typed)
  if (qr) {
    const iuv = iuvOfAvviso(qr[1]!)
    return iuv === undefined ? undefined : { iuv, domain: qr[2]! }
  }
  if (!/^[\d\s.-]+$/.test(typed)) return undefined
  const iuv = iuvOfAvviso(typed.replace(/[\s.-]/g, ''))
  return iuv === undefined ? undefined : { iuv }
}
