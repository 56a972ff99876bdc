import { z } from 'zod'
import { subjects } from '../client-subjects.ts'
import { DEVELOPMENT_PASSWORD } from '../keys.ts'
import { list, neededWhen, port, url } from './kinds.ts'

const CERTIFICATES = 'in production, unless `NODO_PORT_TRUSTS` is set'

/** Variables for our calls to the node. */
export const nodeVariables = {
  NODO_URL: url.describe('Address of the services of the pagoPA node.'),
  NODO_BROKER: z
    .string()
    .min(1)
    .max(35)
    .default('99999900014')
    .describe('Our identifier as a broker (`identificativoIntermediarioPA`).'),
  NODO_STATION: z
    .string()
    .min(1)
    .max(35)
    .default('99999900014_01')
    .describe('The identifier of our station (`identificativoStazioneIntermediarioPA`).'),
  NODO_PASSWORD: z
    .string()
    .min(8)
    .max(15)
    .default(DEVELOPMENT_PASSWORD)
    .meta(neededWhen('in production', 'Password of the station, 8 to 15 characters.')),
  NODO_SUBSCRIPTION_KEY: z
    .string()
    .optional()
    .describe('Key that goes in the header `ocp-apim-subscription-key` of each call.'),
  NODO_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .default(12_000)
    .describe('Longest wait for an answer of the node, ms.'),
  NODO_PAGE_HOSTS: list.describe(
    'Hosts of the pages where people pay, divided by commas, beside the host of `NODO_URL`. No browser is sent to another one.',
  ),
}

/** Variables for the node's calls to us. */
export const nodePortVariables = {
  NODO_PORT: port.default(3001).describe('Port that the node calls.'),
  NODO_TLS_CERT: z
    .string()
    .optional()
    .meta(
      neededWhen(
        CERTIFICATES,
        'File with the certificate of the port. All three files together turn TLS on.',
      ),
    ),
  NODO_TLS_KEY: z
    .string()
    .optional()
    .meta(neededWhen(CERTIFICATES, 'File with the key of that certificate.')),
  NODO_TLS_CLIENT_CA: z
    .string()
    .optional()
    .meta(neededWhen(CERTIFICATES, 'File with the CA that signs the certificate of the node.')),
  NODO_TLS_CLIENT_SUBJECTS: subjects.meta(
    neededWhen(
      'with TLS, in production',
      'Subjects whose certificate may call, divided by semicolons: `CN=api.example,O=Example S.p.A.;CN=new.example`.',
    ),
  ),
  NODO_PORT_TRUSTS: list.meta(
    neededWhen(
      'without TLS, in production',
      'Addresses that may call the port, divided by commas: those of a proxy that ends TLS and checks the certificate of the node.',
    ),
  ),
}
