import { createServer, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSoapSource } from './client.ts'

/** A flow of the old node comes in one answer, and is never whole in memory. */

const MEGABYTE = 1024 * 1024
const PAYMENTS = 100_000
/** Buffers of the two ends of a connection, and the part that is being read. */
const MOST_AHEAD = 16 * MEGABYTE
const MOST_HELD = 24 * MEGABYTE
const FLOW = { domain: '99999900014', flowId: '2025-07-14ABI99999-1', pspId: 'ABI99999', revision: 1 }

let server: Server
/** Bytes of the document that were sent so far. */
let sent = 0
beforeAll(async () => {
  server = createServer((_req, res) => void send(res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void server.close())

const payment = (n: number): string =>
  `<datiSingoliPagamenti><identificativoUnivocoVersamento>${String(n).padStart(17, '0')}</identificativoUnivocoVersamento>` +
  `<identificativoUnivocoRiscossione>R${n}</identificativoUnivocoRiscossione><singoloImportoPagato>1.00</singoloImportoPagato>` +
  `<codiceEsitoSingoloPagamento>0</codiceEsitoSingoloPagamento><dataEsitoSingoloPagamento>2025-07-10</dataEsitoSingoloPagamento></datiSingoliPagamenti>`

/** The document in pieces, so that the sender does not hold it either. */
function* pieces(): Generator<string> {
  yield `<FlussoRiversamento xmlns="urn:x"><identificativoFlusso>${FLOW.flowId}</identificativoFlusso>`
  for (let from = 0; from < PAYMENTS; from += 100)
    yield Array.from({ length: 100 }, (_, n) => payment(from + n)).join('')
  yield '</FlussoRiversamento>'
}

async function send(res: ServerResponse): Promise<void> {
  const head =
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><p:nodoChiediFlussoRendicontazioneRisposta ` +
    `xmlns:p="http://ws.pagamenti.telematici.gov/"><xmlRendicontazione>`
  res.write(head)
  let rest = Buffer.alloc(0)
  for (const piece of pieces()) {
    const bytes = Buffer.concat([rest, Buffer.from(piece)])
    const whole = bytes.length - (bytes.length % 3)
    rest = bytes.subarray(whole)
    sent += whole
    if (!res.write(bytes.subarray(0, whole).toString('base64'))) await once(res, 'drain')
  }
  res.end(
    `${rest.toString('base64')}</xmlRendicontazione></p:nodoChiediFlussoRendicontazioneRisposta></s:Body></s:Envelope>`,
  )
}

/** What is in use once everything that nobody holds is gone. */
function held(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

it('a flow of 100,000 payments is read in parts: little is read ahead, and nothing is kept', async () => {
  const source = createSoapSource({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    station: { broker: '99999900013', station: '99999900013_01', password: 'password1' },
    subscriptionKey: undefined,
    timeoutMs: 30_000,
  })
  const before = held()
  let [given, rows, ahead, most] = [0, 0, 0, 0]
  const { answer } = await source.flow(FLOW, async (part) => {
    given += part.document.length
    rows += part.rows.length
    // Whoever stores a part takes a while, and the sender has to wait for it.
    await new Promise((resolve) => setTimeout(resolve, 10))
    ahead = Math.max(ahead, sent - given)
    if (part.number % 10 === 0) most = Math.max(most, held() - before)
    return true
  })
  expect(answer.kind).toBe('value')
  expect(rows).toBe(PAYMENTS)
  expect(given).toBeGreaterThan(2 * MOST_AHEAD)
  expect(ahead).toBeLessThan(MOST_AHEAD)
  expect(most).toBeLessThan(MOST_HELD)
}, 60_000)
