import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRptClient } from './client.ts'
import type { Node } from '../port.ts'

let server: Server
let node: Node
let answer: Buffer

beforeAll(async () => {
  server = createServer((req, res) => {
    req.resume()
    req.on('end', () => res.writeHead(200, { 'content-type': 'text/xml' }).end(answer))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  node = createRptClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    station: { broker: '99999900014', station: '99999900014_01', password: 'password1' },
    subscriptionKey: undefined,
    timeoutMs: 5_000,
  })
})
afterAll(() => void server.close())

const KEY = { domain: '77777777777', iuv: 'RF1', attemptCode: 'n/a' }
const envelope = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:w="http://ws.pagamenti.telematici.gov/"><s:Body>${body}</s:Body></s:Envelope>`
const stateWith = (esito: string): Buffer =>
  Buffer.from(envelope(`<w:nodoChiediStatoRPTRisposta>${esito}</w:nodoChiediStatoRPTRisposta>`))

describe('answers of the node that are valid and odd', () => {
  it('a state without fault and without esito is no answer, because it says nothing', async () => {
    answer = stateWith('')
    const { answer: found, journal } = await node.askState(KEY)
    expect(found).toEqual({ kind: 'no_answer', why: 'HTTP_200_invalid' })
    expect(journal).toMatchObject({ outcome: 'HTTP_200_invalid', httpStatus: 200 })
  })

  it.each(['', 'domani', '/pagina', 'ftp://127.0.0.1/x', 'javascript:alert(1)'])(
    'the address %j is none: the state is known and the page is not',
    async (url) => {
      answer = stateWith(`<esito><stato>RPT_ACCETTATA_NODO</stato><url>${url}</url></esito>`)
      expect((await node.askState(KEY)).answer).toEqual({
        kind: 'known',
        progress: 'unaccepted',
        state: 'RPT_ACCETTATA_NODO',
        url: null,
      })
    },
  )

  it('blanks around the address are no part of it', async () => {
    answer = stateWith(
      '<esito><stato>RPT_ACCETTATA_NODO</stato><url>\n http://127.0.0.1/p?idSession=1 </url></esito>',
    )
    expect((await node.askState(KEY)).answer).toMatchObject({ url: 'http://127.0.0.1/p?idSession=1' })
  })

  it('a copy in UTF-16, its base64 on several lines, is read', async () => {
    const text = envelope(
      '<w:nodoChiediCopiaRTRisposta><rt>PFJU\n Pjwv\r\nUlQ+ </rt></w:nodoChiediCopiaRTRisposta>',
    )
    answer = Buffer.from(`\uFEFF${text}`, 'utf16le')
    const { answer: copy } = await node.askReceipt(KEY)
    expect(copy.kind === 'receipt' && Buffer.from(copy.document).toString()).toBe('<RT></RT>')
  })

  it('a copy that is empty is none', async () => {
    answer = Buffer.from(envelope('<w:nodoChiediCopiaRTRisposta><rt> </rt></w:nodoChiediCopiaRTRisposta>'))
    expect((await node.askReceipt(KEY)).answer).toEqual({ kind: 'none', why: 'RT_MISSING' })
  })

  it('two bodies are no answer', async () => {
    const text = stateWith('<esito><stato>RPT_ACCETTATA_NODO</stato></esito>').toString()
    answer = Buffer.from(text.replace(/(<s:Body>.*<\/s:Body>)/s, '$1$1'))
    expect((await node.askState(KEY)).answer).toEqual({ kind: 'no_answer', why: 'HTTP_200_not_soap' })
  })
})

describe('a node that does not answer', () => {
  it('is silent with TIMEOUT after the deadline', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    const { port } = silent.address() as AddressInfo
    const impatient = createRptClient({
      url: `http://127.0.0.1:${port}/`,
      station: { broker: '99999900014', station: '99999900014_01', password: 'password1' },
      subscriptionKey: undefined,
      timeoutMs: 50,
    })
    const { answer: found, journal } = await impatient.askState(KEY)
    expect(found).toEqual({ kind: 'no_answer', why: 'TIMEOUT' })
    expect(journal).toMatchObject({ outcome: 'TIMEOUT', httpStatus: null, response: null })
    silent.closeAllConnections()
    silent.close()
  })
})
