import { cents } from '../../domain/money.ts'
import type { PaidItem, Receipt, ReceiptInstitution, ReceiptPayer } from '../../domain/payment/receipt.ts'
import type { ReceiptBody, ReceiptItem, ReceiptPerson, ReceiptView } from './receipt-pdf.ts'

/** Facts of an item that only our tables have; in the order of the receipt's items. */
export interface KnownItem {
  iud: string
  tipoDovuto: string
}

/** A receipt as its PDF prints it. Items that are not in our tables have only the facts of the receipt. */
export function receiptView(
  receipt: Receipt,
  print: { printedAt: string; isTest: boolean; known: readonly KnownItem[]; logo?: Uint8Array | null },
): ReceiptView {
  return {
    isTest: print.isTest,
    printedAt: print.printedAt,
    logo: print.logo ?? null,
    outcome: receipt.outcome,
    total: cents(receipt.totalCents),
    domain: receipt.domain,
    iuv: receipt.iuv,
    attemptCode: receipt.attemptCode,
    references: receipt.rt,
    issuedAt: receipt.issuedAt,
    attesting: body(receipt.attesting),
    beneficiary: body(receipt.beneficiary),
    versante: receipt.versante && person(receipt.versante),
    pagatore: person(receipt.pagatore),
    items: receipt.items.map((item, index) => itemView(item, print.known[index])),
  }
}

function itemView(item: PaidItem, known: KnownItem | undefined): ReceiptItem {
  return {
    iur: item.iur,
    paidOn: item.outcomeOn,
    importo: cents(item.cents),
    iud: known?.iud ?? null,
    tipoDovuto: known?.tipoDovuto ?? null,
    datiSpecificiRiscossione: item.datiSpecificiRiscossione,
    causale: item.causale,
    fee: item.feeCents === null ? null : cents(item.feeCents),
  }
}

function body(of: ReceiptInstitution): ReceiptBody {
  return { name: of.name, tipo: of.tipo, codice: of.codice, unit: of.unit, address: of }
}

function person(of: ReceiptPayer): ReceiptPerson {
  return { name: of.name, tipo: of.tipo, codice: of.codice, email: of.email, address: of }
}
