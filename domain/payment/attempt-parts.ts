import type { PostalAddress } from '../address.ts'
import type { Person } from '../person.ts'

/** A due of an attempt, with the persons in the attempt's document. */
export interface AttemptDue {
  dueId: string
  pagatore: Person
  ente: AttemptEnte
}

/** The ente of an attempt, as the attempt's document names it. */
export interface AttemptEnte extends PostalAddress {
  codiceFiscale: string
  name: string
  ibanPostale: string | null
}

export interface AttemptShare {
  id: string
  domain: string
  enteId: string | null
  enteName: string
  iban: string
  cents: number
  datiSpecificiRiscossione: string
  causale: string
}
