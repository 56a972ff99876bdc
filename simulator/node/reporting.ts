import type { Context } from '../context.ts'
import { localTime } from '../reporting/days.ts'
import { writeDocument } from '../reporting/document.ts'
import type { Flow } from '../reporting/flow.ts'
import { textAt } from '../xml-tree.ts'
import { bareFault, checkReader, readKey, type NodeCall, type Request } from './operation.ts'

/** How long the list of the node shows a flow. */
const LISTED_MS = 30 * 86_400_000

/** The flows of the last thirty days; the node returns the latest revision only. */
export const listFlows: NodeCall = {
  about: (request) => ({ domain: readKey(request).domain }),
  run: (context, request) => {
    const who = checkReader(request, context.registry)
    if (who) return bareFault(who)
    const since = context.now().getTime() - LISTED_MS
    const found = wanted(context, request).filter(({ published }) => Date.parse(published) >= since)
    return {
      elencoFlussiRendicontazione: {
        totRestituiti: found.length,
        idRendicontazione: found.map(({ fdr, flowDate }) => ({
          identificativoFlusso: fdr,
          dataOraFlusso: localTime(flowDate),
        })),
      },
    }
  },
  refuse: bareFault,
}

export const fetchFlow: NodeCall = {
  about: (request) => ({ domain: readKey(request).domain }),
  run: (context, request) => {
    const who = checkReader(request, context.registry)
    if (who) return bareFault(who)
    const fdr = textAt(request.body, 'identificativoFlusso')
    const flow = wanted(context, request).find((one) => one.fdr === fdr)
    if (!flow) return bareFault({ code: 'PPT_ID_FLUSSO_SCONOSCIUTO' })
    return { xmlRendicontazione: Buffer.from(writeDocument(flow)).toString('base64') }
  },
  refuse: bareFault,
}

/** Ente and PSP are asked for only when the request names them. */
function wanted({ world }: Context, { body }: Request): Flow[] {
  const domain = textAt(body, 'identificativoDominio')
  const psp = textAt(body, 'identificativoPSP')
  return world.flows
    .latest()
    .filter((flow) => (domain ?? flow.domain) === flow.domain && (psp ?? flow.psp) === flow.psp)
}
