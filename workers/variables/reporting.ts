import { z } from 'zod'
import { list, url } from './kinds.ts'

/** Variables for the reporting flows of pagoPA. */
export const reportingVariables = {
  FDR_SOURCE: z
    .enum(['rest', 'soap'])
    .default('rest')
    .describe(
      'Where reporting flows come from: `rest` is the service of `FDR_URL`; `soap` is the old node of `NODO_URL`, which needs neither address nor keys of its own.',
    ),
  FDR_URL: url
    .optional()
    .describe(
      'Address of the service of reporting flows for organizations, such as `https://api.platform.pagopa.it/fdr-org/service/v1`. Without it no flow is fetched by `rest`.',
    ),
  FDR_KEYS: list.describe(
    'Keys of its subscription, divided by commas: the second one is tried when the first is refused, so that a key can be changed at any time.',
  ),
  FDR_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(30_000)
    .describe('Longest wait for a page of it, or for the next part of a document of the old node, ms.'),
  FDR_QUADRATURA: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'Whether the old documents of quadratura are fetched too, from the old node of `NODO_URL`, whatever `FDR_SOURCE` is.',
    ),
  FDR_WORKING_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(60)
    .default(5)
    .describe(
      'Working days within which a payment with a receipt must be in a flow; after them a person is told.',
    ),
}
