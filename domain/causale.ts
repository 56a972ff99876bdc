import { latin } from './latin.ts'
import { type Cents, wireImporto } from './money.ts'

/** Longest causale of an RPT. Source: PagInf_RPT_RT_6_2_0.xsd, stText140. */
export const MAX_CAUSALE = 140

/**
 * The causale of one item of an RPT: `/RFB/<iuv>/<importo>/TXT/<text>`, or `/RFS/` for an RF IUV. The bank of the ente
 * reads it back from the transfer. The IUV is written without blanks, whatever its kind.
 */
export function rptCausale(item: { iuv: string; importo: Cents; text: string }): string {
  const kind = item.iuv.startsWith('RF') ? 'RFS' : 'RFB'
  const head = `/${kind}/${item.iuv}/${wireImporto(item.importo)}`
  const text = plainCausale(item.text).trim()
  return (text === '' ? head : `${head}/TXT/${text}`).slice(0, MAX_CAUSALE)
}

/**
 * Removes accents, and replaces what banks cannot transmit by a blank. Source: SACI, allowed characters of a SEPA
 * transfer.
 */
export function plainCausale(text: string): string {
  return latin(text).replace(/[^a-zA-Z0-9 /\-?:().,'+]+/g, ' ')
}

/** The part of a causale for people, on receipts: what follows `/TXT/`. A causale without `/TXT/` is returned whole. */
export function readableCausale(causale: string): string {
  const start = causale.indexOf('/TXT/')
  return start < 0 ? causale : causale.slice(start + '/TXT/'.length)
}
