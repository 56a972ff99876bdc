import { cents } from '../../domain/money.ts'
import type { RtBody, RtDocument, RtItem, RtSubject } from '../../domain/wire/rt.ts'
import type { Address } from '../format.ts'
import type { ReceiptBody, ReceiptItem, ReceiptPerson, ReceiptView } from './receipt-pdf.ts'

/** What our tables know of an item and the RT does not say; in the order of the RT's items. */
export interface KnownItem {
  iud: string
  tipoDovuto: string
}

/** An RT as its receipt shows it; items nobody here knows keep what the RT says of them. */
export function receiptView(
  receipt: RtDocument,
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
    ccp: receipt.ccp,
    requestMessageId: receipt.requestMessageId,
    requestedOn: receipt.requestedOn,
    messageId: receipt.messageId,
    receivedAt: receipt.receivedAt,
    attesting: body(receipt.attesting),
    beneficiary: body(receipt.beneficiary),
    versante: receipt.versante && person(receipt.versante),
    pagatore: person(receipt.pagatore),
    items: receipt.items.map((item, index) => itemView(item, print.known[index])),
  }
}

function itemView(item: RtItem, known: KnownItem | undefined): ReceiptItem {
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

function body(of: RtBody): ReceiptBody {
  return { name: of.name, tipo: of.tipo, codice: of.codice, unit: of.unit, address: address(of) }
}

function person(of: RtSubject): ReceiptPerson {
  return { name: of.name, tipo: of.tipo, codice: of.codice, email: of.email, address: address(of) }
}

function address(of: RtSubject | RtBody): Address {
  const { indirizzo, civico, cap, localita, provincia, nazione } = of
  return {
    indirizzo: indirizzo ?? undefined,
    civico: civico ?? undefined,
    cap: cap ?? undefined,
    localita: localita ?? undefined,
    provincia: provincia ?? undefined,
    nazione: nazione ?? undefined,
  }
}
