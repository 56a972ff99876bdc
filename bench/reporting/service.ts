import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startSimulator, type Simulator } from '../../simulator/server.ts'

export interface Service {
  /** The product's FDR_URL. */
  url: string
  publish: Simulator['publish']
  /** Requests so far, and the most that waited for an answer at once. */
  counted(): { requests: number; mostAtOnce: number }
  close(): Promise<void>
}

/** The simulated service for organizations behind a server that counts the requests under way. */
export async function startService(dataDir: string): Promise<Service> {
  const nowhere = 'http://127.0.0.1:9'
  const simulator = await startSimulator({
    port: 0,
    smtpPort: 0,
    dataDir,
    nodePortUrl: nowhere,
    returnUrl: nowhere,
    broker: '99999900014',
    station: '99999900014_01',
    password: 'password1',
  })
  const target = new URL(simulator.reportingUrl)
  let requests = 0
  let atOnce = 0
  let mostAtOnce = 0
  const server = createServer((req, res) => {
    requests += 1
    atOnce += 1
    mostAtOnce = Math.max(mostAtOnce, atOnce)
    res.once('close', () => (atOnce -= 1))
    forward(target, req, res)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    publish: simulator.publish,
    counted: () => ({ requests, mostAtOnce }),
    async close() {
      server.close()
      server.closeAllConnections()
      await simulator.close()
    },
  }
}

function forward({ hostname, port }: URL, req: IncomingMessage, res: ServerResponse): void {
  const { method, url: path, headers } = req
  const sent = request({ hostname, port, method, path, headers }, (answer) => {
    res.writeHead(answer.statusCode!, answer.headers)
    answer.pipe(res)
  })
  sent.on('error', () => res.destroy())
  sent.end()
}
