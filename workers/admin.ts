import { createServer, type IncomingMessage, type Server } from 'node:http'
import { Registry, collectDefaultMetrics } from 'prom-client'
import { SLOW_SENDER_LIMITS } from './node-server.ts'

export interface AdminDeps {
  port: number
  host: string
  /** Name of a dependency to its check: resolves true when it can be used now. */
  checks: Record<string, () => Promise<boolean>>
}

/** Probes and a metrics collector need one or two connections each; more means that somebody holds them open. */
const MAX_CONNECTIONS = 100

/** Admin port: /healthz (the process lives), /readyz (every check passes: 200, else 503), /metrics. */
export async function startAdmin({ port, host, checks }: AdminDeps): Promise<Server> {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const server = createServer(SLOW_SENDER_LIMITS, (req, res) => {
    void answer(req, checks, registry).then(({ status, type, body }) => {
      res.writeHead(status, { 'content-type': type }).end(body)
    })
  })
  server.maxConnections = MAX_CONNECTIONS
  await listen(server, port, host)
  return server
}

interface Answer {
  status: number
  type: string
  body: string
}

async function answer(
  { method, url }: IncomingMessage,
  checks: AdminDeps['checks'],
  registry: Registry,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return json(405, {})
  if (url === '/healthz') return json(200, { alive: true })
  if (url === '/metrics') return { status: 200, type: registry.contentType, body: await registry.metrics() }
  if (url !== '/readyz') return json(404, {})
  const found = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await check().catch(() => false)] as const),
  )
  return json(found.every(([, isReady]) => isReady) ? 200 : 503, Object.fromEntries(found))
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
})

/** Resolves when the server listens. @throws naming the port when another process has it, instead of a stack trace */
export function listen(server: Server, port: number, host?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is taken by another process`) : error),
    )
    server.listen(port, host, resolve)
  })
}
