import type { Adhesion } from '../ente/ente.ts'
import type { FormDefinitionInput } from '../form/definition.ts'
import type { SecondLanguage } from '../language.ts'
import type { Cents } from '../money.ts'
import type { Person } from '../person.ts'

export interface SeedEnte {
  codIpa: string
  /** 11 digits; also the domain of its payments at the node. */
  codiceFiscale: string
  name: string
  state: 'ESERCIZIO' | 'PRE-ESERCIZIO'
  adhesion: readonly Adhesion[]
  segregationCode: string
  iban: string
  ibanPostale?: string
  indirizzo: string
  civico: string
  cap: string
  localita: string
  provincia: string
  nazione: 'IT'
  email: string
  phone: string
  cbill: string
  /** Authorization of Poste for notices that post offices accept. */
  postalAuthorization?: string
  /** Language of the second page of its notices. */
  secondLanguage?: SecondLanguage
  /** Password of its software for the web services. */
  softwarePassword?: string
  info?: string
  /** Colour of its generated coat of arms. */
  colour: readonly [red: number, green: number, blue: number]
}

/** A kind of due, independent of the ente: the starting point for every ente that collects it. */
export interface SeedTributo {
  code: string
  name: string
  /** Taxonomy of pagoPA in the form of an RPT, "9/0107101TS/". */
  datiSpecificiRiscossione: string
  form: FormDefinitionInput
}

export interface SeedDueType extends SeedTributo {
  codIpa: string
  active: boolean
  /** True when citizens may start it; then a due date cannot be binding. */
  spontaneous: boolean
  dueOnBinding: boolean
  /** Account of this type, if it is not that of the ente. */
  ibanAccredito?: string
  /** Account at Poste, printed on its notices. */
  postalAccount?: string
}

export interface SeedDue {
  codIpa: string
  /** Code of its due type. */
  dueType: string
  iud: string
  /** Progressive of its IUV17. The ente's counter must continue after the highest one. */
  progressive: number
  /** Whole amount of the notice, including the share of the second beneficiary. */
  importo: Cents
  causale: string
  pagatore: Person
  /** 'YYYY-MM-DD' in Rome. */
  dueOn: string
  secondary?: SeedShare
}

export interface SeedShare {
  /** Codice fiscale of the second beneficiary, which may be an ente outside this platform. */
  domain: string
  name: string
  iban: string
  importo: Cents
  datiSpecificiRiscossione: string
}
