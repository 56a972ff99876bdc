import { readQuadratureList } from '../../../domain/wire/reporting-soap.ts'
import type { QuadraturaSource } from '../source.ts'
import { ask, type SoapOptions } from './client.ts'

/** The reads of the old node about quadratura. Nobody reads the documents, so they pass as they come. */
export function createQuadraturaSource(options: SoapOptions): QuadraturaSource {
  return {
    list: (domain) =>
      ask(options, { name: 'nodoChiediElencoQuadraturePA', asked: { domain }, read: readQuadratureList }),
    document: (asked, take) =>
      ask(options, {
        name: 'nodoChiediQuadraturaPA',
        element: 'xmlQuadratura',
        asked,
        take,
        takeLast: async (part) => part === undefined || take(part),
        read: () => null,
      }),
  }
}
