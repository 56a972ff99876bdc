import { readCents } from '../money.ts'
import { child, childrenOf, readTree, textAt, type XmlTree } from '../xml-tree.ts'

export type RptItem = {
  cents: number
  causale: string
  /** datiSpecificiRiscossione */
  category: string
  iban: string | undefined
  supportIban: string | undefined
  hasStamp: boolean
}

/** The parts of an RPT that the node reads. Source: RPT document of version 6.2.0. */
export type Rpt = {
  domain: string
  station: string | undefined
  messageId: string
  messageAt: string
  executionOn: string
  cents: number
  kind: string
  iuv: string
  ccp: string
  debitIban: string | undefined
  items: RptItem[]
  /** Fiscal code of the person who pays at the PSP: the versante, or the pagatore when there is none. */
  payer: string
  beneficiary: XmlTree | undefined
  versante: XmlTree | undefined
  pagatore: XmlTree | undefined
}

/** Reads an RPT that has passed the schema; undefined when it is not even XML. */
export function readRpt(bytes: Uint8Array): Rpt | undefined {
  const root = readTree(bytes)
  const payment = child(root, 'datiVersamento')
  if (!root || !payment) return undefined
  const text = (...path: string[]) => textAt(root, ...path) ?? ''
  return {
    domain: text('dominio', 'identificativoDominio'),
    station: textAt(root, 'dominio', 'identificativoStazioneRichiedente'),
    messageId: text('identificativoMessaggioRichiesta'),
    messageAt: text('dataOraMessaggioRichiesta'),
    executionOn: text('datiVersamento', 'dataEsecuzionePagamento'),
    cents: readCents(textAt(payment, 'importoTotaleDaVersare')) ?? 0,
    kind: text('datiVersamento', 'tipoVersamento'),
    iuv: text('datiVersamento', 'identificativoUnivocoVersamento'),
    ccp: text('datiVersamento', 'codiceContestoPagamento'),
    debitIban: textAt(payment, 'ibanAddebito'),
    items: childrenOf(payment, 'datiSingoloVersamento').map(readItem),
    payer: taxCode(root, 'Versante') ?? taxCode(root, 'Pagatore') ?? '',
    beneficiary: child(root, 'enteBeneficiario'),
    versante: child(root, 'soggettoVersante'),
    pagatore: child(root, 'soggettoPagatore'),
  }
}

function readItem(item: XmlTree): RptItem {
  return {
    cents: readCents(textAt(item, 'importoSingoloVersamento')) ?? 0,
    causale: textAt(item, 'causaleVersamento') ?? '',
    category: textAt(item, 'datiSpecificiRiscossione') ?? '',
    iban: textAt(item, 'ibanAccredito'),
    supportIban: textAt(item, 'ibanAppoggio'),
    hasStamp: child(item, 'datiMarcaBolloDigitale') !== undefined,
  }
}

function taxCode(root: XmlTree, who: 'Versante' | 'Pagatore'): string | undefined {
  return textAt(root, `soggetto${who}`, `identificativoUnivoco${who}`, 'codiceIdentificativoUnivoco')
}
