import type { NodeOperation } from '../behaviour/kinds.ts'
import { askState } from './ask-state.ts'
import type { NodeCall } from './operation.ts'
import { copyRt, listPending } from './reads.ts'
import { fetchQuadratura, listQuadrature } from './quadratura.ts'
import { fetchFlow, listFlows } from './reporting.ts'
import { sendCart } from './send-cart.ts'
import { sendRpt } from './send-rpt.ts'

/** The nine calls that an ente's broker may make. */
export const CALLS: Record<NodeOperation, NodeCall> = {
  nodoInviaRPT: sendRpt,
  nodoInviaCarrelloRPT: sendCart,
  nodoChiediStatoRPT: askState,
  nodoChiediListaPendentiRPT: listPending,
  nodoChiediCopiaRT: copyRt,
  nodoChiediElencoFlussiRendicontazione: listFlows,
  nodoChiediFlussoRendicontazione: fetchFlow,
  nodoChiediElencoQuadraturePA: listQuadrature,
  nodoChiediQuadraturaPA: fetchQuadratura,
}

export function isNodeOperation(name: string | undefined): name is NodeOperation {
  return name !== undefined && Object.hasOwn(CALLS, name)
}
