import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { writeCents } from '../money.ts'
import type { XmlTree } from '../xml-tree.ts'
import { PSP } from './identity.ts'
import type { PaidItem, Receipt } from './receipt.ts'

export const NS = 'http://www.digitpa.gov.it/schemas/2011/Pagamenti/'

/** Writes the RT document. Elements are in the order of the schema; persons and ente are copied from the RPT. */
export function writeReceipt(receipt: Receipt): string {
  const rt = create({ version: '1.0', encoding: 'UTF-8' }).ele(NS, 'RT')
  const put = (parent: XMLBuilder, name: string, text: string) => parent.ele(NS, name).txt(text)
  put(rt, 'versioneOggetto', '6.2.0')
  put(rt.ele(NS, 'dominio'), 'identificativoDominio', receipt.domain)
  put(rt, 'identificativoMessaggioRicevuta', receipt.messageId)
  put(rt, 'dataOraMessaggioRicevuta', receipt.messageAt)
  put(rt, 'riferimentoMessaggioRichiesta', receipt.reference)
  put(rt, 'riferimentoDataRichiesta', receipt.referenceOn)
  writeAttester(rt)
  for (const party of [receipt.rpt.beneficiary, receipt.rpt.versante, receipt.rpt.pagatore]) {
    if (party) copy(rt, party)
  }
  const payment = rt.ele(NS, 'datiPagamento')
  put(payment, 'codiceEsitoPagamento', String(receipt.code))
  put(payment, 'importoTotalePagato', writeCents(receipt.cents))
  put(payment, 'identificativoUnivocoVersamento', receipt.iuv)
  put(payment, 'CodiceContestoPagamento', receipt.ccp)
  for (const item of receipt.items) writeItem(payment, item, receipt.messageAt.slice(0, 10))
  if (receipt.extra !== undefined) put(rt, 'elementoInatteso', receipt.extra)
  return rt.end({ wellFormed: true })
}

function writeItem(payment: XMLBuilder, item: PaidItem, day: string): void {
  const texts: Record<string, string> = {
    singoloImportoPagato: writeCents(item.cents),
    esitoSingoloPagamento: item.outcome,
    dataEsitoSingoloPagamento: day,
    identificativoUnivocoRiscossione: item.iur,
    causaleVersamento: item.causale,
    datiSpecificiRiscossione: item.category,
  }
  const element = payment.ele(NS, 'datiSingoloPagamento')
  for (const [name, text] of Object.entries(texts)) element.ele(NS, name).txt(text)
}

function writeAttester(rt: XMLBuilder): void {
  const attester = rt.ele(NS, 'istitutoAttestante')
  const id = attester.ele(NS, 'identificativoUnivocoAttestante')
  id.ele(NS, 'tipoIdentificativoUnivoco').txt('G')
  id.ele(NS, 'codiceIdentificativoUnivoco').txt(PSP.psp)
  attester.ele(NS, 'denominazioneAttestante').txt(PSP.name)
}

function copy(parent: XMLBuilder, tree: XmlTree): void {
  const element = parent.ele(NS, tree.name)
  if (tree.children.length === 0) element.txt(tree.text)
  for (const one of tree.children) copy(element, one)
}
