import { readSoap } from '../../contracts/soap.ts'
import { child, readTree, textAt, type XmlTree } from '../xml-tree.ts'

export const BROKER = '15376371009'
export const STATION = '15376371009_11'
export const PASSWORD = 'segreta123'
export const DOMAIN = '77777777777'
export const OTHER_DOMAIN = '88888888888'
export const IBAN = 'IT30N0103076271000001823603'

export type RptSample = {
  domain: string
  iuv: string
  ccp: string
  /** "10.00" each, in the form of messages. */
  items: string[]
  total: string
  kind: string
  iban: string
  payer: string
  messageAt: string
  executionOn: string
  messageId: string
  documentIuv: string
}

const DEFAULTS: RptSample = {
  domain: DOMAIN,
  iuv: '01000000000000144',
  ccp: 'n/a',
  items: ['10.00'],
  total: '10.00',
  kind: 'BBT',
  iban: IBAN,
  payer: 'RSSMRA80A01H501U',
  messageAt: '2026-01-10T10:00:00',
  executionOn: '2026-01-10',
  messageId: 'MSG0001',
  documentIuv: '',
}

export function aRpt(changes: Partial<RptSample> = {}): RptSample {
  return { ...DEFAULTS, ...changes }
}

/** The RPT document of a sample. */
export function rptXml(rpt: RptSample): string {
  const items = rpt.items.map(
    (amount) =>
      `<datiSingoloVersamento><importoSingoloVersamento>${amount}</importoSingoloVersamento>` +
      `<ibanAccredito>${rpt.iban}</ibanAccredito><causaleVersamento>/RFB/${rpt.iuv}/${amount}/TXT/Mensa</causaleVersamento>` +
      `<datiSpecificiRiscossione>9/0101100IM/</datiSpecificiRiscossione></datiSingoloVersamento>`,
  )
  return (
    `<RPT xmlns="http://www.digitpa.gov.it/schemas/2011/Pagamenti/"><versioneOggetto>6.2.0</versioneOggetto>` +
    `<dominio><identificativoDominio>${rpt.domain}</identificativoDominio></dominio>` +
    `<identificativoMessaggioRichiesta>${rpt.messageId}</identificativoMessaggioRichiesta>` +
    `<dataOraMessaggioRichiesta>${rpt.messageAt}</dataOraMessaggioRichiesta>` +
    `<autenticazioneSoggetto>N/A</autenticazioneSoggetto>${subject('Versante', rpt.payer)}${subject('Pagatore', rpt.payer)}` +
    `<enteBeneficiario><identificativoUnivocoBeneficiario><tipoIdentificativoUnivoco>G</tipoIdentificativoUnivoco>` +
    `<codiceIdentificativoUnivoco>${rpt.domain}</codiceIdentificativoUnivoco></identificativoUnivocoBeneficiario>` +
    `<denominazioneBeneficiario>Comune di Prova</denominazioneBeneficiario></enteBeneficiario><datiVersamento>` +
    `<dataEsecuzionePagamento>${rpt.executionOn}</dataEsecuzionePagamento>` +
    `<importoTotaleDaVersare>${rpt.total}</importoTotaleDaVersare><tipoVersamento>${rpt.kind}</tipoVersamento>` +
    `<identificativoUnivocoVersamento>${rpt.documentIuv || rpt.iuv}</identificativoUnivocoVersamento>` +
    `<codiceContestoPagamento>${rpt.ccp}</codiceContestoPagamento><firmaRicevuta>0</firmaRicevuta>` +
    `${items.join('')}</datiVersamento></RPT>`
  )
}

function subject(role: string, code: string): string {
  return (
    `<soggetto${role}><identificativoUnivoco${role}><tipoIdentificativoUnivoco>F</tipoIdentificativoUnivoco>` +
    `<codiceIdentificativoUnivoco>${code}</codiceIdentificativoUnivoco></identificativoUnivoco${role}>` +
    `<anagrafica${role}>Mario Rossi</anagrafica${role}></soggetto${role}>`
  )
}

export type Envelope = Record<'broker' | 'station' | 'password' | 'psp' | 'pspBroker' | 'channel', string>

const ENVELOPE: Envelope = {
  broker: BROKER,
  station: STATION,
  password: PASSWORD,
  psp: 'AGID_01',
  pspBroker: '97735020584',
  channel: '97735020584_02',
}

const el = (name: string, text: string) => `<${name}>${text}</${name}>`
const base64 = (text: string) => Buffer.from(text).toString('base64')

function soap(header: string, body: string): string {
  return (
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="http://ws.pagamenti.telematici.gov/" ` +
    `xmlns:h="http://ws.pagamenti.telematici.gov/ppthead"><e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`
  )
}

function senders(env: Envelope): string {
  return (
    el('password', env.password) +
    el('identificativoPSP', env.psp) +
    el('identificativoIntermediarioPSP', env.pspBroker) +
    el('identificativoCanale', env.channel)
  )
}

function keyElements({ domain, iuv, ccp }: Pick<RptSample, 'domain' | 'iuv' | 'ccp'>): string {
  return (
    el('identificativoDominio', domain) +
    el('identificativoUnivocoVersamento', iuv) +
    el('codiceContestoPagamento', ccp)
  )
}

function party(env: Envelope): string {
  return (
    el('identificativoIntermediarioPA', env.broker) + el('identificativoStazioneIntermediarioPA', env.station)
  )
}

export function sendRptMessage(rpt: RptSample, changes: Partial<Envelope> = {}): string {
  const env = { ...ENVELOPE, ...changes }
  return soap(
    el('h:intestazionePPT', party(env) + keyElements(rpt)),
    el('p:nodoInviaRPT', senders(env) + el('rpt', base64(rptXml(rpt)))),
  )
}

export type CartSample = { idCart: string; multi?: boolean; documents?: string[] } & Partial<Envelope>

export function sendCartMessage(rpts: RptSample[], cart: CartSample): string {
  const env = { ...ENVELOPE, ...cart }
  const list = rpts.map((rpt, index) =>
    el('elementoListaRPT', keyElements(rpt) + el('rpt', base64(cart.documents?.[index] ?? rptXml(rpt)))),
  )
  const multi = cart.multi ? el('multiBeneficiario', 'true') : ''
  return soap(
    el('h:intestazioneCarrelloPPT', party(env) + el('identificativoCarrello', cart.idCart)),
    el('p:nodoInviaCarrelloRPT', senders(env) + el('listaRPT', list.join('')) + multi),
  )
}

/** A request of nodoChiediStatoRPT or nodoChiediCopiaRT, which have the same six fields. */
export function readMessage(operation: string, rpt: RptSample, changes: Partial<Envelope> = {}): string {
  const env = { ...ENVELOPE, ...changes }
  return soap('', el(`p:${operation}`, party(env) + el('password', env.password) + keyElements(rpt)))
}

/** Other reads: broker, station, password and then `fields`. */
export function otherMessage(operation: string, fields: string): string {
  return soap('', el(`p:${operation}`, party(ENVELOPE) + el('password', ENVELOPE.password) + fields))
}

export type NodeAnswer = {
  status: number
  text: string
  body: XmlTree | undefined
  faultCode: string | undefined
}

/** Posts a message to the node. `body` is undefined when the answer is not valid by the contract. */
export async function callNode(
  url: string,
  operation: string,
  message: string,
  action = `"${operation}"`,
): Promise<NodeAnswer> {
  const headers = { 'content-type': 'text/xml', soapaction: action }
  const response = await fetch(url, { method: 'POST', headers, body: message })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const text = Buffer.from(bytes).toString('utf8')
  const read = readSoap('nodo-per-pa', bytes)
  const body = read.ok ? readTree(read.body) : undefined
  const fault = child(body, 'fault') ?? child(child(body, 'listaErroriRPT'), 'fault')
  return { status: response.status, text, body, faultCode: textAt(fault, 'faultCode') }
}

export function sessionOf(answer: NodeAnswer): string {
  const url = textAt(answer.body, 'url') ?? textAt(answer.body, 'esito', 'url') ?? ''
  return new URL(url).searchParams.get('idSession') ?? ''
}
