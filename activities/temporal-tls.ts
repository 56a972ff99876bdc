import { readFileSync } from 'node:fs'
import type { TLSConfig } from '@temporalio/client'

/** Files, and the name in the server's certificate where it is not that of the address. */
export interface TemporalTlsVariables {
  TEMPORAL_TLS_CA?: string | undefined
  TEMPORAL_TLS_CERT?: string | undefined
  TEMPORAL_TLS_KEY?: string | undefined
  TEMPORAL_TLS_SERVER_NAME?: string | undefined
}

/** One of them is enough: a server that a public CA vouches for needs its name only. */
export const hasTemporalTls = (given: TemporalTlsVariables): boolean =>
  Boolean(given.TEMPORAL_TLS_CA || given.TEMPORAL_TLS_CERT || given.TEMPORAL_TLS_SERVER_NAME)

/** How every process of ours connects to Temporal; in plain text without any of the variables. */
export function temporalTls(given: TemporalTlsVariables): { tls?: TLSConfig } {
  if (!hasTemporalTls(given)) return {}
  const {
    TEMPORAL_TLS_CA: ca,
    TEMPORAL_TLS_CERT: cert,
    TEMPORAL_TLS_KEY: key,
    TEMPORAL_TLS_SERVER_NAME: name,
  } = given
  return {
    tls: {
      ...(ca ? { serverRootCACertificate: readFileSync(ca) } : {}),
      ...(cert && key ? { clientCertPair: { crt: readFileSync(cert), key: readFileSync(key) } } : {}),
      ...(name ? { serverNameOverride: name } : {}),
    },
  }
}
