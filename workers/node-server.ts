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

/** Closes connections of slow senders: headers must arrive within 10 s, the whole request within 15 s. */
export const SLOW_SENDER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
}

/** The node port: TLS with client certificates when configured; plain behind a proxy that ends TLS and in development. */
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
  // Checked before HTTP reads a byte. The CA signs certificates of many clients, and only one of them is the node.
  server.prependListener('secureConnection', (socket) => {
    const { subject } = socket.getPeerCertificate()
    if (pinned.length === 0 || pinned.some((wanted) => hasSubject(subject, wanted))) return
    log.warn({ subject }, 'client certificate refused: NODO_TLS_CLIENT_SUBJECTS does not name it')
    socket.destroy()
  })
  return server
}
