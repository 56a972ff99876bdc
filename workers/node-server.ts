import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Config } from './config.ts'

/** Slow senders are cut: headers in 10 s, the whole request in 15 s. */
export const SLOW_SENDER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
}

/** The node port: TLS with a client certificate when configured, else plain for a terminating proxy or development. */
export function createNodeServer(config: Config, app: RequestListener): Server {
  const { NODO_TLS_CERT: cert, NODO_TLS_KEY: key, NODO_TLS_CLIENT_CA: ca } = config
  if (!cert || !key || !ca) return createServer(SLOW_SENDER_LIMITS, app)
  return createTlsServer(
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
}
