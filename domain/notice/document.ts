import type { SecondLanguage } from '../language.ts'
import type { Person } from '../person.ts'

/** The present values of a due that its printed notice shows. */
export interface NoticeDocument {
  id: string
  iuv: string
  pagatoreCodice: string
  pagatore: Person
  causale: string
  importoCents: number
  dueOn: string | null
  isPrintable: boolean
  enteName: string
  codiceFiscale: string
  applicationCode: string | null
  settore: string | null
  cbill: string | null
  logo: Buffer | null
  secondLanguage: SecondLanguage | null
  info: string | null
  email: string | null
  phone: string | null
  indirizzo: string | null
  civico: string | null
  cap: string | null
  localita: string | null
  provincia: string | null
  /** Postal account and its authorization by Poste: both are set or neither is. */
  conto: string | null
  contoName: string | null
  authorization: string | null
}
