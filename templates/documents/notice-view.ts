import type { Cents } from '../../domain/money.ts'
import type { SecondLanguage } from '../../domain/language.ts'

/** The content of a printed notice. Source: docs/field/payments.md#printed-notice. */
export interface NoticePdfView {
  /** Marks the document as worthless, because it comes from a test environment. */
  isTest: boolean
  /** An instant; also the date in the file, so that the same view gives the same bytes. */
  printedAt: string
  noticeNumber: string
  subject: string
  importo: Cents
  /** 'YYYY-MM-DD'; null where the type does not print it. */
  dueOn: string | null
  ente: {
    name: string
    codiceFiscale: string
    settore: string | null
    info: string
    cbill: string | null
    /** PNG. */
    logo: Uint8Array | null
  }
  payer: { name: string; codice: string; address: string }
  /** The account at Poste; null unless its authorization exists too. */
  postal: { conto: string; holder: string; authorization: string } | null
  /** Language of the second page; null for no second page. */
  secondLanguage: SecondLanguage | null
  portalUrl: string
}
