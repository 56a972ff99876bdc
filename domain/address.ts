/** A postal address as tables and messages store it. Any part may be missing. */
export interface PostalAddress {
  indirizzo: string | null
  civico: string | null
  cap: string | null
  localita: string | null
  provincia: string | null
  nazione: string | null
}
