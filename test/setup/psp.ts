import { STATION, US } from './begun.ts'

/** Fields of a PSP's message about a notice. Built without the product's code, so that a mistake there is found. */
export interface CounterRequest {
  domain: string
  iuv: string
  ccp?: string
  broker?: string
  station?: string
  /** Amount in euros, for example "18.50". */
  importo?: string
  psp?: string
  versante?: { codice: string; name: string; email?: string }
}

const RPT = 'http://www.digitpa.gov.it/schemas/2011/Pagamenti/'

export function counterMessage(operation: 'paaVerificaRPT' | 'paaAttivaRPT', given: CounterRequest): string {
  const { domain, iuv, ccp = 'CCP1', broker = US.broker, station = STATION, psp = '60000000001' } = given
  const person = given.versante
  const email = person?.email === undefined ? '' : `<p:e-mailVersante>${person.email}</p:e-mailVersante>`
  const versante = person
    ? `<soggettoVersante xmlns:p="${RPT}"><p:identificativoUnivocoVersante><p:tipoIdentificativoUnivoco>F</p:tipoIdentificativoUnivoco><p:codiceIdentificativoUnivoco>${person.codice}</p:codiceIdentificativoUnivoco></p:identificativoUnivocoVersante><p:anagraficaVersante>${person.name}</p:anagraficaVersante>${email}</soggettoVersante>`
    : ''
  const body =
    operation === 'paaVerificaRPT'
      ? `<identificativoPSP>${psp}</identificativoPSP>`
      : `<identificativoPSP>${psp}</identificativoPSP><datiPagamentoPSP><importoSingoloVersamento>${given.importo}</importoSingoloVersamento>${versante}</datiPagamentoPSP><identificativoIntermediarioPSP>60000000001</identificativoIntermediarioPSP><identificativoCanalePSP>60000000001_01</identificativoCanalePSP>`
  return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:h="http://ws.pagamenti.telematici.gov/ppthead" xmlns:w="http://ws.pagamenti.telematici.gov/"><s:Header><h:intestazionePPT><identificativoIntermediarioPA>${broker}</identificativoIntermediarioPA><identificativoStazioneIntermediarioPA>${station}</identificativoStazioneIntermediarioPA><identificativoDominio>${domain}</identificativoDominio><identificativoUnivocoVersamento>${iuv}</identificativoUnivocoVersamento><codiceContestoPagamento>${ccp}</codiceContestoPagamento></h:intestazionePPT></s:Header><s:Body><w:${operation}>${body}</w:${operation}></s:Body></s:Envelope>`
}

export interface CounterReply {
  status: number
  xml: string
  esito: string | undefined
  fault: string | undefined
}

export async function callCounter(
  nodePortUrl: string,
  operation: 'paaVerificaRPT' | 'paaAttivaRPT',
  given: CounterRequest,
): Promise<CounterReply> {
  const response = await fetch(`${nodePortUrl}/nodo/PaPerNodoPagamentoPsp`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml; charset=UTF-8' },
    body: counterMessage(operation, given),
  })
  const xml = await response.text()
  const find = (name: string): string | undefined => new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`).exec(xml)?.[1]
  return { status: response.status, xml, esito: find('esito'), fault: find('faultCode') }
}
