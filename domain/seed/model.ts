import type { FormDefinitionInput } from '../form/definition.ts'
import type { Cents } from '../money.ts'
import type { Person } from '../person.ts'

/**
 * How an ente joined: it only shows forms (`base`), it loads files of dues (`flows`), its own software opens
 * payments (`ente_software`). They combine.
 */
type Adhesion = 'base' | 'flows' | 'ente_software'

export interface SeedEnte {
  codIpa: string
  /** 11 digits; the domain of its payments at the node. */
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
  /** Of Poste, for notices payable at the counter. */
  postalAuthorization?: string
  /** Of the second page of its notices. */
  secondLanguage?: 'en' | 'de'
  /** Of its software, for the web services. */
  softwarePassword?: string
  info?: string
  /** Colour of the drawn coat of arms. */
  colour: readonly [red: number, green: number, blue: number]
}

/** A kind of due whatever the ente: what every ente that collects it starts from. */
export interface SeedTributo {
  code: string
  name: string
  /** Taxonomy of pagoPA as it travels in an RPT, "9/0107101TS/". */
  datiSpecificiRiscossione: string
  form: FormDefinitionInput
}

export interface SeedDueType extends SeedTributo {
  codIpa: string
  active: boolean
  /** Citizens may start it; then no due date can bind. */
  spontaneous: boolean
  dueOnBinding: boolean
  /** Where it differs from the account of the ente. */
  ibanAccredito?: string
  /** Account at Poste printed on its notices. */
  postalAccount?: string
}

export interface SeedDue {
  codIpa: string
  /** Code of its due type. */
  tipo: string
  iud: string
  /** Number of its IUV17 within the ente's counter, which must go on after the highest. */
  progressive: number
  /** Whole amount of the notice, the secondary share included. */
  importo: Cents
  causale: string
  pagatore: Person
  /** 'YYYY-MM-DD' in Rome. */
  dueOn: string
  secondary?: SeedShare
}

export interface SeedShare {
  /** Codice fiscale of the second beneficiary, who may not be an ente of this platform. */
  domain: string
  name: string
  iban: string
  importo: Cents
  datiSpecificiRiscossione: string
}
