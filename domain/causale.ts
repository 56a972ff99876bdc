import { latin } from './latin.ts'
import { type Cents, wireImporto } from './money.ts'

/** Longest causale of an RPT. Source: PagInf_RPT_RT_6_2_0.xsd, stText140. */
export const MAX_CAUSALE = 140

/**
 * The causale of one item of an RPT, which the bank of the ente reads back from the transfer:
 * `/RFB/<iuv>/<importo>/TXT/<text>`, `/RFS/` for an RF IUV. The IUV is written without blanks, whatever its kind.
 */
export function rptCausale(item: { iuv: string; importo: Cents; text: string }): string {
  const kind = item.iuv.startsWith('RF') ? 'RFS' : 'RFB'
  const head = `/${kind}/${item.iuv}/${wireImporto(item.importo)}`
  const text = plainCausale(item.text).trim()
  return (text === '' ? head : `${head}/TXT/${text}`).slice(0, MAX_CAUSALE)
}

/** Accents go, and what banks cannot carry becomes a blank. Source: SACI, allowed characters of a SEPA transfer. */
export function plainCausale(text: string): string {
  return latin(text).replace(/[^a-zA-Z0-9 /\-?:().,'+]+/g, ' ')
}

/** What people read of it, on receipts: the part after `/TXT/`; a causale without one is shown as it is. */
export function readableCausale(causale: string): string {
  const start = causale.indexOf('/TXT/')
  return start < 0 ? causale : causale.slice(start + '/TXT/'.length)
}
