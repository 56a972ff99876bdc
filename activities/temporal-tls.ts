import { readFileSync } from 'node:fs'
import type { TLSConfig } from '@temporalio/client'

/** Paths of PEM files, and the name in the server's certificate when it is not that of the address. */
export interface TemporalTlsVariables {
  TEMPORAL_TLS_CA?: string | undefined
  TEMPORAL_TLS_CERT?: string | undefined
  TEMPORAL_TLS_KEY?: string | undefined
  TEMPORAL_TLS_SERVER_NAME?: string | undefined
}

/** True when CA, certificate or name is set. The name alone is enough for a server with a certificate of a public CA. */
export const hasTemporalTls = (given: TemporalTlsVariables): boolean =>
  Boolean(given.TEMPORAL_TLS_CA || given.TEMPORAL_TLS_CERT || given.TEMPORAL_TLS_SERVER_NAME)

/** The TLS options with which all our processes connect to Temporal; without any of the variables they connect in plain text. */
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
