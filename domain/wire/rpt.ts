import { create } from 'xmlbuilder2'
import { emailAddress, type Person } from '../person.ts'
import { cents, wireImporto } from '../money.ts'

const RPT_NAMESPACE = 'http://www.digitpa.gov.it/schemas/2011/Pagamenti/'

/** The content of an RPT 6.2.0 in our words. Days are Rome days; `requestedAt` is Rome local time without zone. */
export interface RptDocument {
  domain: string
  station: string
  messageId: string
  requestedAt: string
  executeOn: string
  authentication: 'USR' | 'OTH' | 'N/A'
  versante: Person
  pagatore: Person
  beneficiary: Beneficiary
  /** BBT: the payer chooses on the node's pages. PO: a PSP already has the notice. */
  tipoVersamento: 'BBT' | 'PO'
  iuv: string
  ccp: string
  items: readonly RptDocumentItem[]
}

export interface Beneficiary {
  codiceFiscale: string
  name: string
  indirizzo?: string | undefined
  civico?: string | undefined
  cap?: string | undefined
  localita?: string | undefined
  provincia?: string | undefined
  nazione?: string | undefined
}

export interface RptDocumentItem {
  cents: number
  iban: string
  /** Postal account of the ente, when it has one. */
  ibanAppoggio: string | null
  causale: string
  datiSpecificiRiscossione: string
}

type Node = Record<string, unknown>

/**
 * Keeps the order of the schema, which is a sequence. Source: PagInf_RPT_RT_6_2_0.xsd, ctRichiestaPagamentoTelematico.
 */
export function buildRpt(rpt: RptDocument): string {
  const total = rpt.items.reduce((sum, item) => sum + item.cents, 0)
  const root: Node = {
    versioneOggetto: '6.2.0',
    dominio: {
      identificativoDominio: rpt.domain,
      identificativoStazioneRichiedente: rpt.station,
    },
    identificativoMessaggioRichiesta: rpt.messageId,
    dataOraMessaggioRichiesta: rpt.requestedAt,
    autenticazioneSoggetto: rpt.authentication,
    soggettoVersante: subject('Versante', rpt.versante),
    soggettoPagatore: subject('Pagatore', rpt.pagatore),
    enteBeneficiario: beneficiary(rpt.beneficiary),
    datiVersamento: {
      dataEsecuzionePagamento: rpt.executeOn,
      importoTotaleDaVersare: wireImporto(cents(total)),
      tipoVersamento: rpt.tipoVersamento,
      identificativoUnivocoVersamento: rpt.iuv,
      codiceContestoPagamento: rpt.ccp,
      firmaRicevuta: '0',
      datiSingoloVersamento: rpt.items.map(singolo),
    },
  }
  return create({ version: '1.0', encoding: 'UTF-8' })
    .ele(RPT_NAMESPACE, 'RPT')
    .ele(root)
    .doc()
    .end({ wellFormed: true })
}

function subject(role: 'Versante' | 'Pagatore', person: Person): Node {
  return present({
    [`identificativoUnivoco${role}`]: {
      tipoIdentificativoUnivoco: person.tipo,
      codiceIdentificativoUnivoco: person.codice,
    },
    [`anagrafica${role}`]: person.anagrafica,
    [`indirizzo${role}`]: person.indirizzo,
    [`civico${role}`]: person.civico,
    [`cap${role}`]: person.cap,
    [`localita${role}`]: person.localita,
    [`provincia${role}`]: person.provincia,
    [`nazione${role}`]: person.nazione,
    // Files of enti may contain addresses that the schema forbids. They are left out, because the payment matters more.
    [`e-mail${role}`]: emailAddress.safeParse(person.email).data,
  })
}

function beneficiary(ente: Beneficiary): Node {
  return present({
    identificativoUnivocoBeneficiario: {
      tipoIdentificativoUnivoco: 'G',
      codiceIdentificativoUnivoco: ente.codiceFiscale,
    },
    // The schema allows 70 characters, but names of enti may have 100.
    denominazioneBeneficiario: ente.name.slice(0, 70).trim(),
    indirizzoBeneficiario: ente.indirizzo,
    civicoBeneficiario: ente.civico,
    capBeneficiario: ente.cap,
    localitaBeneficiario: ente.localita,
    provinciaBeneficiario: ente.provincia,
    nazioneBeneficiario: ente.nazione,
  })
}

function singolo(item: RptDocumentItem): Node {
  return present({
    importoSingoloVersamento: wireImporto(cents(item.cents)),
    ibanAccredito: item.iban,
    ibanAppoggio: item.ibanAppoggio ?? undefined,
    bicAppoggio: item.ibanAppoggio === null ? undefined : 'BPPIITRRXXX',
    causaleVersamento: item.causale,
    datiSpecificiRiscossione: item.datiSpecificiRiscossione,
  })
}

/**
 * Leaves out empty optional elements, which are invalid (minLength 1), and replaces characters that XML forbids by a
 * blank.
 */
function present(node: Node): Node {
  return Object.fromEntries(
    Object.entries(node)
      .map(([name, value]) => [name, typeof value === 'string' ? value.replace(NOT_XML, ' ') : value])
      .filter(([, value]) => value !== undefined && value !== ''),
  )
}

/** Characters that an XML 1.0 document must not contain. */
// oxlint-disable-next-line no-control-regex
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
