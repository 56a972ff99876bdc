import type { PostalAddress } from '../address.ts'
import type { Outcome } from './model.ts'

/**
 * A receipt of any protocol, as pages, mails, PDFs and exports read it. It is read once when it arrives, and stored
 * beside the exact bytes, which stay as the proof. Amounts in cents, days of Rome, instants as wall-clock time of Rome.
 */
export interface Receipt {
  domain: string
  iuv: string
  attemptCode: string
  outcome: Outcome
  totalCents: number
  /** When the receipt was written. */
  issuedAt: string
  attesting: ReceiptInstitution
  beneficiary: ReceiptInstitution
  versante: ReceiptPayer | null
  pagatore: ReceiptPayer
  items: PaidItem[]
  /** Facts that only an RT has; null for a receipt of another protocol. */
  rt: RtReferences | null
}

/** The ids of an RT and of the RPT that it answers. */
export interface RtReferences {
  version: string | null
  station: string | null
  messageId: string
  requestMessageId: string
  requestedOn: string
}

export interface PaidItem {
  cents: number
  outcomeText: string | null
  outcomeOn: string
  iur: string
  causale: string
  datiSpecificiRiscossione: string
  feeCents: number | null
  /** A document that came with the receipt; base64. */
  attachment: { kind: string; content: string } | null
}

export interface ReceiptInstitution extends PostalAddress {
  tipo: string
  codice: string
  name: string
  unitCode: string | null
  unit: string | null
}

export interface ReceiptPayer extends PostalAddress {
  tipo: string
  codice: string
  name: string
  email: string | null
}
