import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FlowPart } from '../source.ts'
import { createSoapSource } from './client.ts'

const SAMPLE = readFileSync(
  new URL(
    '../../../test/fixtures/rendicontazione/ABI99999_2025-07-14ABI99999-0000000000012_20250714061500.xml',
    import.meta.url,
  ),
)
const FLOW = {
  domain: '99999900014',
  flowId: '2025-07-14ABI99999-0000000000012',
  pspId: 'ABI99999',
  revision: 1,
}

type Answering = (request: string, res: ServerResponse) => void

let server: Server
let answering: Answering
let asked: string[]
const source = (timeoutMs = 3_000) =>
  createSoapSource({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    station: { broker: '99999900013', station: '99999900013_01', password: 'password1' },
    subscriptionKey: 'the-key',
    timeoutMs,
  })

beforeAll(async () => {
  server = createServer((req, res) => void read(req).then((body) => (asked.push(body), answering(body, res))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void server.close())
beforeEach(() => {
  asked = []
})

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const envelope = (operation: string, inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` +
  `<ppt:${operation}Risposta xmlns:ppt="http://ws.pagamenti.telematici.gov/">${inside}</ppt:${operation}Risposta></soapenv:Body></soapenv:Envelope>`
const LIST = 'nodoChiediElencoFlussiRendicontazione'
const FETCH = 'nodoChiediFlussoRendicontazione'
const withDocument = (document: Uint8Array | string, wrap = (text: string) => text): string =>
  envelope(
    FETCH,
    `<xmlRendicontazione>${wrap(Buffer.from(document as string).toString('base64'))}</xmlRendicontazione>`,
  )
const fault = (operation: string, code: string): string =>
  envelope(operation, `<fault><faultCode>${code}</faultCode><faultString>x</faultString><id>N</id></fault>`)
const always =
  (text: string, status = 200, headers: Record<string, string> = {}): Answering =>
  (_request, res) =>
    void res.writeHead(status, headers).end(text)

async function fetched(take = (part: FlowPart) => Promise.resolve(part.number > 0), timeoutMs?: number) {
  const parts: FlowPart[] = []
  const { answer, journal } = await source(timeoutMs).flow(FLOW, async (part) => {
    parts.push(part)
    return take(part)
  })
  return { answer, journal, parts, document: Buffer.concat(parts.map(({ document }) => document)) }
}

describe('the list', () => {
  it('has ids and instants; what cannot be asked for is left out', async () => {
    const entry = (id: string, at: string) =>
      `<idRendicontazione><identificativoFlusso>${id}</identificativoFlusso><dataOraFlusso>${at}</dataOraFlusso></idRendicontazione>`
    answering = always(
      envelope(
        LIST,
        `<elencoFlussiRendicontazione><totRestituiti>3</totRestituiti>${entry(FLOW.flowId, '2025-07-14T03:30:00')}${entry('A', '2025-01-14T03:30:00.5+01:00')}${entry('', '2025-01-14T03:30:00')}</elencoFlussiRendicontazione>`,
      ),
    )
    const { answer, journal } = await source().list(FLOW.domain)
    expect(answer).toEqual({
      kind: 'value',
      value: [
        { flowId: FLOW.flowId, flowAt: '2025-07-14T01:30:00.000Z' },
        { flowId: 'A', flowAt: '2025-01-14T02:30:00.500Z' },
      ],
    })
    expect(journal).toMatchObject([{ operation: LIST, domain: FLOW.domain, outcome: 'OK', httpStatus: 200 }])
  })

  it('may be empty', async () => {
    answering = always(
      envelope(
        LIST,
        '<elencoFlussiRendicontazione><totRestituiti>0</totRestituiti></elencoFlussiRendicontazione>',
      ),
    )
    expect((await source().list(FLOW.domain)).answer).toEqual({ kind: 'value', value: [] })
  })
})

describe('a flow', () => {
  it('is given byte for byte, with its payments, and the journal keeps neither password nor document', async () => {
    answering = always(withDocument(SAMPLE))
    const { answer, journal, parts, document } = await fetched()
    expect(answer).toMatchObject({ kind: 'value', value: { parts: 1, head: { flowId: FLOW.flowId } } })
    expect(document.equals(SAMPLE)).toBe(true)
    expect(parts.flatMap(({ rows }) => rows)).toHaveLength(5)
    expect(journal).toMatchObject([{ operation: FETCH, outcome: 'OK', response: null }])
    expect(asked[0]).toContain('<password>password1</password>')
    expect(asked[0]).toContain('<identificativoPSP>ABI99999</identificativoPSP>')
    expect(Buffer.from(journal[0]!.request!).toString()).toContain('<password>***</password>')
    expect(Buffer.from(journal[0]!.request!).toString()).not.toContain('password1')
  })

  it('may come in any parts, with line breaks in its base64', async () => {
    const text = withDocument(SAMPLE, (base64) => `\n${base64.replace(/.{76}/g, '$&\r\n')}\n`)
    for (const size of [1, 3, 64]) {
      answering = (_request, res) => {
        for (let at = 0; at < text.length; at += size) res.write(text.slice(at, at + size))
        res.end()
      }
      expect((await fetched()).document.equals(SAMPLE)).toBe(true)
    }
  })

  it('of many payments is cut at the same places however it comes, and each payment is given once', async () => {
    const payment = (n: number) =>
      `<datiSingoliPagamenti><identificativoUnivocoVersamento>${n}</identificativoUnivocoVersamento><identificativoUnivocoRiscossione>R${n}</identificativoUnivocoRiscossione><singoloImportoPagato>1.00</singoloImportoPagato><codiceEsitoSingoloPagamento>0</codiceEsitoSingoloPagamento><dataEsitoSingoloPagamento>2025-07-10</dataEsitoSingoloPagamento></datiSingoliPagamenti>`
    const text = `<FlussoRiversamento xmlns="urn:x"><identificativoFlusso>${FLOW.flowId}</identificativoFlusso>${Array.from({ length: 10_000 }, (_, n) => payment(n)).join('')}</FlussoRiversamento>`
    answering = always(withDocument(text))
    const once = await fetched()
    expect(once.document.toString() === text).toBe(true)
    expect(once.parts.length).toBeGreaterThan(4)
    expect(
      once.parts
        .flatMap(({ rows }) => rows.map(({ iuv, position }) => iuv === String(position - 1)))
        .every(Boolean),
    ).toBe(true)
    expect(once.parts.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(10_000)
    answering = (_request, res) => {
      const answer = withDocument(text)
      for (let at = 0; at < answer.length; at += 99_991) res.write(answer.slice(at, at + 99_991))
      res.end()
    }
    const again = await fetched()
    expect(again.parts.map(({ document, rows }) => [document.length, rows.length])).toEqual(
      once.parts.map(({ document, rows }) => [document.length, rows.length]),
    )
  })

  it('is asked for without its PSP where the node does not know the one that the id names', async () => {
    answering = (request, res) =>
      void res.end(
        request.includes('identificativoPSP') ? fault(FETCH, 'PPT_PSP_SCONOSCIUTO') : withDocument(SAMPLE),
      )
    const { answer, journal } = await fetched()
    expect(answer.kind).toBe('value')
    expect(journal.map(({ outcome }) => outcome)).toEqual(['PPT_PSP_SCONOSCIUTO', 'OK'])
  })

  it('of which no more is wanted is not read to its end', async () => {
    answering = always(withDocument(SAMPLE))
    expect((await fetched(async () => false)).answer).toEqual({ kind: 'gone' })
  })

  it('does not hide what went wrong while it was stored', async () => {
    answering = always(withDocument(SAMPLE))
    await expect(fetched(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full')
  })
})

describe('what is no flow', () => {
  const base64 = SAMPLE.toString('base64')
  it.each<[string, Answering, object]>([
    ['an unknown flow', always(fault(FETCH, 'PPT_ID_FLUSSO_SCONOSCIUTO')), { kind: 'gone' }],
    [
      'a wrong password',
      always(fault(FETCH, 'PPT_AUTENTICAZIONE')),
      { kind: 'refused', why: 'PPT_AUTENTICAZIONE' },
    ],
    [
      'a fault that may pass',
      always(fault(FETCH, 'PPT_SYSTEM_ERROR')),
      { kind: 'none', why: 'PPT_SYSTEM_ERROR' },
    ],
    [
      'no document, because it goes by SFTP',
      always(envelope(FETCH, '')),
      { kind: 'none', why: 'NO_DOCUMENT' },
    ],
    ['a key that is refused', always('', 401), { kind: 'refused', why: 'HTTP_401' }],
    ['too many questions', always('', 429, { 'retry-after': '7' }), { kind: 'too_many', seconds: 7 }],
    ['a page of a proxy', always('<html>502</html>', 502), { kind: 'none', why: 'HTTP_502' }],
    ['another answer', always(envelope(LIST, '')), { kind: 'none', why: 'OTHER_OPERATION' }],
    ['half an answer', always(withDocument(SAMPLE).slice(0, 2_000)), { kind: 'none' }],
    [
      'an answer that breaks off',
      (_r, res) => (res.write(withDocument(SAMPLE).slice(0, 2_000)), setTimeout(() => res.destroy(), 50)),
      { kind: 'none' },
    ],
    ['no base64', always(withDocument(SAMPLE, () => 'a*b=')), { kind: 'none', why: 'BASE64' }],
    ['base64 after its end', always(withDocument(SAMPLE, () => 'YQ==YQ==')), { kind: 'none', why: 'BASE64' }],
    [
      'a document with a DOCTYPE',
      always(withDocument('<!DOCTYPE a [<!ENTITY e "x">]><FlussoRiversamento/>')),
      { kind: 'none', why: 'DOCTYPE' },
    ],
    [
      'an envelope with a DOCTYPE',
      always(`<!DOCTYPE a [<!ENTITY e "x">]>${withDocument(SAMPLE).slice(38)}`),
      { kind: 'none', why: 'DOCTYPE' },
    ],
    [
      'a document in a comment',
      always(envelope(FETCH, `<!--<xmlRendicontazione>${base64}</xmlRendicontazione>-->`)),
      { kind: 'none', why: 'NO_DOCUMENT' },
    ],
    [
      'two documents',
      always(
        envelope(
          FETCH,
          `<xmlRendicontazione>${base64}</xmlRendicontazione><xmlRendicontazione>${base64}</xmlRendicontazione>`,
        ),
      ),
      { kind: 'none', why: 'INVALID' },
    ],
    ['9 MB around it', always(' '.repeat(9_000_000)), { kind: 'none', why: 'TOO_LARGE' }],
  ])('%s', async (_name, answer, found) => {
    answering = answer
    const { answer: given, journal } = await fetched()
    expect(given).toMatchObject(found)
    expect(journal).toHaveLength(1)
  })

  it('a sender that falls silent is waited for no longer than it may', async () => {
    answering = (_request, res) => void res.write(withDocument(SAMPLE).slice(0, 500))
    const startedAt = Date.now()
    expect((await fetched(undefined, 300)).answer).toEqual({ kind: 'none', why: 'TIMEOUT' })
    expect(Date.now() - startedAt).toBeLessThan(2_000)
  })

  it('a reader that is slow is not the fault of the sender', async () => {
    answering = always(withDocument(SAMPLE))
    const slow = async () => (await new Promise((resolve) => setTimeout(resolve, 400)), true)
    expect((await fetched(slow, 300)).answer.kind).toBe('value')
  })
})
