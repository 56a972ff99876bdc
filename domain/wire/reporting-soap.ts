import { romeInstant } from '../calendar.ts'
import type { Station } from './node.ts'
import { buildSoap, NODE_NAMESPACE, type XmlContent } from './soap.ts'
import { child, children, has, optionalText, textOf, type XmlTree } from './xml-tree.ts'

/** What the list of the old node says of a flow: no revision and no PSP. */
export interface DatedFlow {
  flowId: string
  /** dataOraFlusso, an ISO instant. */
  flowAt: string
}

/** Stands for the PSP of a flow whose id does not name one. */
export const UNKNOWN_PSP = 'unknown'

/** `<day><PSP>-<number>`: the id names the PSP of its flow, up to the next dash. */
const FLOW_ID = /^\d{4}-\d{2}-\d{2}([A-Za-z0-9_]+)-/

/** The PSP that the id of a flow names. Source: docs/field/reporting.md#the-old-node. */
export const pspOfFlowId = (flowId: string): string => FLOW_ID.exec(flowId)?.[1] ?? UNKNOWN_PSP

/** The reads of the old node about reporting: the list of an ente's documents, and one of them. */
export type ReadName =
  | 'nodoChiediElencoFlussiRendicontazione'
  | 'nodoChiediFlussoRendicontazione'
  | 'nodoChiediElencoQuadraturePA'
  | 'nodoChiediQuadraturaPA'

export function buildRead(
  name: ReadName,
  { broker, station, password }: Station,
  asked: { domain: string; pspId?: string | undefined; flowId?: string },
): Uint8Array {
  const content: XmlContent = {
    identificativoIntermediarioPA: broker,
    identificativoStazioneIntermediarioPA: station,
    password,
    identificativoDominio: asked.domain,
    identificativoPSP: asked.pspId,
    identificativoFlusso: asked.flowId,
  }
  return buildSoap({ body: { namespace: NODE_NAMESPACE, name, content } })
}

/** The code of a refusal; undefined when there is none. */
export const faultIn = (reply: XmlTree): string | undefined =>
  has(reply, 'fault') ? textOf(child(reply, 'fault'), 'faultCode') : undefined

/**
 * The flows of a list. An entry without an id or with a time that cannot be read is left out, because there is nothing to ask for.
 * @throws when the answer has no list
 */
export const readFlowList = (reply: XmlTree): DatedFlow[] =>
  datedFlows(children(child(reply, 'elencoFlussiRendicontazione'), 'idRendicontazione'))

/** The documents of quadratura of a list, as `readFlowList` reads one. @throws when the answer has no list */
export const readQuadratureList = (reply: XmlTree): DatedFlow[] =>
  datedFlows(children(child(reply, 'listaQuadrature'), 'idQuadratura'))

const datedFlows = (entries: readonly XmlTree[]): DatedFlow[] =>
  entries.flatMap((entry) => {
    const flowId = optionalText(entry, 'identificativoFlusso')?.trim()
    const flowAt = romeInstant(optionalText(entry, 'dataOraFlusso')?.trim() ?? '')
    return flowId && flowId.length <= 255 && flowAt ? [{ flowId, flowAt }] : []
  })
