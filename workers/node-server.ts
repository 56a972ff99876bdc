import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Logger } from 'pino'
import { hasSubject } from './client-subjects.ts'
import type { Config } from './config.ts'

export type NodeServerConfig = Pick<
  Config,
  'NODO_TLS_CERT' | 'NODO_TLS_KEY' | 'NODO_TLS_CLIENT_CA' | 'NODO_TLS_CLIENT_SUBJECTS'
>

/** Slow senders are cut: headers in 10 s, the whole request in 15 s. */
export const SLOW_SENDER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
}

/** The node port: TLS with a client certificate when configured, else plain for a terminating proxy or development. */
export function createNodeServer(config: NodeServerConfig, app: RequestListener, log: Logger): Server {
  const { NODO_TLS_CERT: cert, NODO_TLS_KEY: key, NODO_TLS_CLIENT_CA: ca } = config
  if (!cert || !key || !ca) return createServer(SLOW_SENDER_LIMITS, app)
  const server = createTlsServer(
    {
      ...SLOW_SENDER_LIMITS,
      cert: readFileSync(cert),
      key: readFileSync(key),
      ca: readFileSync(ca),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    },
    app,
  )
  const pinned = config.NODO_TLS_CLIENT_SUBJECTS
  // Before HTTP reads a byte. The CA vouches for many clients, and only one of them is the node.
  server.prependListener('secureConnection', (socket) => {
    const { subject } = socket.getPeerCertificate()
    if (pinned.length === 0 || pinned.some((wanted) => hasSubject(subject, wanted))) return
    log.warn({ subject }, 'client certificate refused: NODO_TLS_CLIENT_SUBJECTS does not name it')
    socket.destroy()
  })
  return server
}
