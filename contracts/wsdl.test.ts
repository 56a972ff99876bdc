import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClientAsync, listen, type Client } from 'soap'
import { afterEach, describe, expect, it } from 'vitest'
import { wsdlPath, type WsdlName } from './files.ts'
import type { SchemaName } from './schemas.ts'
import { readSoap } from './soap.ts'

type Fields = { [name: string]: string | Fields | Fields[] }
type Exchange = {
  wsdl: WsdlName
  schema: SchemaName
  operation: string
  header?: Fields
  ask: Fields
  answer: Fields
}

const text = (names: string): Fields =>
  Object.fromEntries(names.split(' ').map((name) => [name, '77777777777']))
const CALLER = 'identificativoIntermediarioPA identificativoStazioneIntermediarioPA'
const KEY = 'identificativoDominio identificativoUnivocoVersamento codiceContestoPagamento'
const PSP = 'password identificativoPSP identificativoIntermediarioPSP identificativoCanale'
const FAULT = { fault: { faultCode: 'PPT_SYSTEM_ERROR', faultString: 'x', id: 'NodoDeiPagamentiSPC' } }
const PAYMENT = { intestazionePPT: text(`${CALLER} ${KEY}`) }
const CART = { intestazioneCarrelloPPT: text(`${CALLER} identificativoCarrello`) }
const QUERY = text(`${CALLER} password ${KEY}`)
const PERMISSION = 'uploadUrl authorizationToken requestToken importPath'
const RPT = { rpt: 'PFJQVC8+' }
const PAGATORE = {
  identificativoUnivocoPagatore: {
    tipoIdentificativoUnivoco: 'F',
    codiceIdentificativoUnivoco: 'RSSMRA80A01H501U',
  },
  anagraficaPagatore: 'Mario Rossi',
}

const node = (operation: string, ask: Fields, answer: Fields, header?: Fields): Exchange => {
  return { wsdl: 'NodoPerPa', schema: 'nodo-per-pa', operation, ask, answer, ...(header && { header }) }
}
const software = (operation: string, ask: Fields, answer: Fields): Exchange => {
  const header = { intestazionePPT: { codIpaEnte: 'C_Q999' } }
  return { wsdl: 'PaPerEnte', schema: 'pa-per-ente', operation, header, ask, answer }
}
const notice = (operation: string, ask: Fields): Exchange => ({
  ...{ wsdl: 'PaPerNodoPagamentoPsp', schema: 'pa-per-nodo-pagamento-psp', operation, header: PAYMENT, ask },
  answer: {
    [`${operation}Risposta`]: {
      esito: 'OK',
      datiPagamentoPA: {
        importoSingoloVersamento: '10.00',
        ibanAccredito: 'IT30N0103076271000001823603',
        causaleVersamento: 'Mensa',
      },
    },
  },
})

const EXCHANGES: Exchange[] = [
  node(
    'nodoInviaRPT',
    { ...text(PSP), ...RPT },
    { esito: 'OK', redirect: '1', url: 'https://x.example/?a=1&b=2' },
    PAYMENT,
  ),
  node(
    'nodoInviaCarrelloRPT',
    { ...text(PSP), listaRPT: { elementoListaRPT: [1, 2].map(() => ({ ...text(KEY), ...RPT })) } },
    { ...FAULT, esitoComplessivoOperazione: 'KO', listaErroriRPT: { fault: [FAULT.fault, FAULT.fault] } },
    CART,
  ),
  node('nodoChiediStatoRPT', QUERY, {
    esito: {
      stato: 'X',
      elementoStoricoRPT: [{ data: '2026-01-10T10:00:00', stato: 'X', descrizione: 'x' }],
    },
  }),
  node(
    'nodoChiediListaPendentiRPT',
    { ...text(`${CALLER} password`), dimensioneLista: '10' },
    {
      listaRPTPendenti: { totRestituiti: '1', rptPendente: [{ ...text(KEY), stato: 'X' }] },
    },
  ),
  node('nodoChiediCopiaRT', QUERY, { rt: 'PFJULz4=' }),
  node('nodoChiediElencoFlussiRendicontazione', text(`${CALLER} password identificativoPSP`), {
    elencoFlussiRendicontazione: { totRestituiti: '0' },
  }),
  node('nodoChiediFlussoRendicontazione', text(`${CALLER} password identificativoFlusso`), FAULT),
  node('nodoChiediElencoQuadraturePA', text(`${CALLER} password`), {
    listaQuadrature: {
      totRestituiti: '1',
      idQuadratura: [{ identificativoFlusso: 'X', dataOraFlusso: '2026-01-10T10:00:00' }],
    },
  }),
  node('nodoChiediQuadraturaPA', text(`${CALLER} password identificativoFlusso`), {
    xmlQuadratura: 'PFJULz4=',
  }),
  {
    ...{ wsdl: 'PaPerNodo', schema: 'pa-per-nodo', operation: 'paaInviaRT', header: PAYMENT },
    ask: { tipoFirma: '0', rt: 'PFJULz4=' },
    answer: { paaInviaRTRisposta: { ...FAULT, esito: 'KO' } },
  },
  software('paaSILAutorizzaImportFlusso', { password: 'segreto-123' }, text(PERMISSION)),
  software(
    'paaSILChiediStatoImportFlusso',
    { requestToken: 'x', password: 'segreto-123', fileScarti: 'true' },
    { ...FAULT, stato: 'IMPORT_ESEGUITO', urlFileScarti: 'https://x.example/?a=1&b=2' },
  ),
  notice('paaVerificaRPT', { identificativoPSP: 'PSP' }),
  notice('paaAttivaRPT', {
    identificativoPSP: 'PSP',
    datiPagamentoPSP: { importoSingoloVersamento: '10.00', soggettoPagatore: PAGATORE },
    ...text('identificativoIntermediarioPSP identificativoCanalePSP'),
  }),
]

describe.each(EXCHANGES)('$operation, through the SOAP library on our WSDL', (exchange) => {
  let server: Server | undefined
  afterEach(() => server?.close())

  it('sends a valid request and a valid answer', async () => {
    server = await serve(exchange)
    const client = await clientOf(exchange, server)
    await client[`${exchange.operation}Async`](exchange.ask)
    expect(problemsOf(exchange, client.lastRequest)).toEqual([exchange.operation])
    expect(problemsOf(exchange, client.lastResponse as string)).toEqual([`${exchange.operation}Risposta`])
  })
})

/** The operation of a valid message; otherwise its violations. */
function problemsOf({ schema }: Exchange, xml: string | undefined): string[] {
  const message = readSoap(schema, Buffer.from(xml ?? ''))
  return message.ok ? [message.operation] : message.violations
}

async function serve({ wsdl, operation, answer }: Exchange): Promise<Server> {
  const server = createServer((_req, res) => res.writeHead(404).end())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const port = { [operation]: () => answer }
  const services = { [SERVICES[wsdl].service]: { [SERVICES[wsdl].port]: port } }
  const uri = wsdlPath(wsdl)
  const xml = readFileSync(uri, 'utf8')
  await new Promise((done) => listen(server, { path: '/', services, xml, uri, callback: done }))
  return server
}

const SERVICES: Record<WsdlName, { service: string; port: string }> = {
  NodoPerPa: { service: 'PagamentiTelematiciRPTservice', port: 'PagamentiTelematiciRPTPort' },
  PaPerEnte: {
    service: 'PagamentiTelematiciDovutiPagatiService',
    port: 'PagamentiTelematiciDovutiPagatiPort',
  },
  PaPerNodo: { service: 'PagamentiTelematiciRTservice', port: 'PPTPort' },
  PaPerNodoPagamentoPsp: { service: 'PagamentiTelematiciCCPservice', port: 'PPTPort' },
}

async function clientOf({ wsdl, header }: Exchange, server: Server): Promise<Client> {
  const client = await createClientAsync(wsdlPath(wsdl))
  client.setEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const name = header && Object.keys(header)[0]
  if (header && name) {
    client.addSoapHeader({ [`h:${name}`]: header[name] }, '', '', '')
  }
  return client
}
