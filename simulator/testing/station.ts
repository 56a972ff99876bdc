import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { buffer } from 'node:stream/consumers'
import { readSoap } from '../../contracts/soap.ts'
import { portOf } from '../port.ts'
import { readTree, textAt } from '../xml-tree.ts'

/** `xml` is `document` read as UTF-8. */
export type Received = {
  iuv: string
  ccp: string
  domain: string
  document: Buffer
  xml: string
  at: number
}
type Answer = (res: ServerResponse, received: Received) => void

/** A product's node port for tests. It answers OK, or what `next` has. */
export type Station = {
  url: string
  received: Received[]
  /** Answers for the next calls, in order. */
  next: Answer[]
  close: () => Promise<void>
}

export async function startStation(): Promise<Station> {
  const received: Received[] = []
  const next: Answer[] = []
  const server = createServer((req, res) => {
    void buffer(req).then((bytes) => {
      const message = readSoap('pa-per-nodo', bytes)
      if (!message.ok || !message.header)
        return res.writeHead(400).end(message.ok ? '' : message.violations.join())
      const header = readTree(message.header)
      const document = Buffer.from(textAt(readTree(message.body), 'rt') ?? '', 'base64')
      const one = {
        document,
        domain: textAt(header, 'identificativoDominio') ?? '',
        iuv: textAt(header, 'identificativoUnivocoVersamento') ?? '',
        ccp: textAt(header, 'codiceContestoPagamento') ?? '',
        xml: document.toString('utf8'),
        at: performance.now(),
      }
      received.push(one)
      return (next.shift() ?? ok)(res, one)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    received,
    next,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const ok: Answer = (res) => answer(res, '<esito>OK</esito>')
export const ko =
  (code: string): Answer =>
  (res) =>
    answer(
      res,
      `<fault><faultCode>${code}</faultCode><faultString>x</faultString><id>1</id></fault><esito>KO</esito>`,
    )
export const status =
  (code: number): Answer =>
  (res) =>
    void res.writeHead(code).end('<html>')
export const garbage: Answer = (res) => void res.writeHead(200).end('<html>')
export const silence: Answer = () => undefined

function answer(res: ServerResponse, inner: string): void {
  const body = `<p:paaInviaRTRisposta xmlns:p="http://ws.pagamenti.telematici.gov/"><paaInviaRTRisposta>${inner}</paaInviaRTRisposta></p:paaInviaRTRisposta>`
  res.writeHead(200, { 'content-type': 'text/xml' })
  res.end(
    `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`,
  )
}
