import { createRestSource } from '../activities/reporting/rest/client.ts'
import { createSoapSource } from '../activities/reporting/soap/client.ts'
import { createQuadraturaSource } from '../activities/reporting/soap/quadratura.ts'
import type { QuadraturaSource, ReportingSource } from '../activities/reporting/source.ts'
import type { Config } from './config.ts'

/** The source of reporting flows that the configuration chooses; undefined where no flow is fetched. */
export function reportingSource(of: Config): ReportingSource | undefined {
  if (of.FDR_SOURCE === 'soap') return createSoapSource(oldNode(of))
  return of.FDR_URL === undefined
    ? undefined
    : createRestSource({ url: of.FDR_URL, keys: of.FDR_KEYS, timeoutMs: of.FDR_TIMEOUT_MS })
}

/** The source of documents of quadratura; undefined where they are switched off. */
export const quadraturaSource = (of: Config): QuadraturaSource | undefined =>
  of.FDR_QUADRATURA === 'true' ? createQuadraturaSource(oldNode(of)) : undefined

const oldNode = (of: Config) => ({
  url: of.NODO_URL,
  station: { broker: of.NODO_BROKER, station: of.NODO_STATION, password: of.NODO_PASSWORD },
  subscriptionKey: of.NODO_SUBSCRIPTION_KEY,
  timeoutMs: of.FDR_TIMEOUT_MS,
})
