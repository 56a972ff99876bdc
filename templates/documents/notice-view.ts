import type { Cents } from '../../domain/money.ts'
import type { Language } from '../language.ts'

/** What a notice prints. Source: docs/field/payments.md#printed-notice. */
export interface NoticePdfView {
  /** Marks the document as worthless: it comes from a test environment. */
  isTest: boolean
  /** Also the date in the file: the same view makes the same bytes. */
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
  /** The account and its permission to print: only together. */
  postal: { conto: string; holder: string; authorization: string } | null
  /** A second page in this language. */
  secondLanguage: Exclude<Language, 'it'> | null
  portalUrl: string
}
