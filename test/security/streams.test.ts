import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSite, textOf, type Site } from '../setup/citizen-site.ts'
import { anOperatorWorld, ELENA, type OperatorWorld } from '../setup/operators.ts'
import { signInAs } from '../setup/session.ts'
import type { Visitor } from '../setup/visitor.ts'
import { waitUntil } from '../setup/wait.ts'

let site: Site
let world: OperatorWorld

beforeAll(async () => {
  site = await startSite()
  world = await anOperatorWorld(site.db)
})
afterAll(() => site.close())

interface Stream {
  status: number
  headers: IncomingMessage['headers']
  close: () => void
}

function open(path: string, visitor: Visitor): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request(
      site.url + path,
      { headers: { cookie: visitor.cookie() } },
      (answer) => {
        answer.on('error', () => undefined).resume()
        resolve({ status: answer.statusCode!, headers: answer.headers, close: () => asked.destroy() })
      },
    )
    asked.on('error', reject).end()
  })
}

describe('streams of news', () => {
  it('are at most ten for one session, of any kind; the next is refused with the time to come back', async () => {
    const elena = await signInAs(site.db, site.visitor(), ELENA)
    const paths = [
      `/pagamenti/${world.cartId}/eventi`,
      '/operatore/C_X902/esportazioni/eventi',
      `/operatore/C_X902/flussi/${world.flowId}/eventi`,
    ]
    const streams = []
    for (let n = 0; n < 10; n++) streams.push(await open(paths[n % 3]!, elena))
    expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    for (const path of paths) {
      const { status, headers } = await open(path, elena)
      expect([path, status, headers['retry-after']]).toEqual([path, 429, '60'])
    }
    // Another session can still open streams, and the pages of this one have a link to reload.
    const other = await signInAs(site.db, site.visitor(), ELENA)
    expect((await open(paths[0]!, other)).status).toBe(200)
    for (const page of [`/pagamenti/${world.cartId}`, `/operatore/C_X902/flussi/${world.flowId}`])
      expect(textOf(await elena.get(page))).toContain('Aggiorna')
    streams[0]!.close()
    await waitUntil(async () => (await open(paths[0]!, elena)).status === 200)
  })

  it('answer HEAD with their headers and end', async () => {
    const answer = await fetch(`${site.url}/pagamenti/${world.cartId}/eventi`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(3_000),
    })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/event-stream'),
    ])
  })
})
