import type { Context } from '../context.ts'
import { localTime } from '../reporting/days.ts'
import { quadratureOf, writeQuadratura } from '../reporting/quadratura.ts'
import { textAt } from '../xml-tree.ts'
import { bareFault, checkReader, readKey, type NodeCall, type Request } from './operation.ts'

/** The documents of quadratura of an organization: one for each day with reported payments. */
export const listQuadrature: NodeCall = {
  about: (request) => ({ domain: readKey(request).domain }),
  run: (context, request) => {
    const who = checkReader(request, context.registry)
    if (who) return bareFault(who)
    const found = wanted(context, request)
    return {
      listaQuadrature: {
        totRestituiti: found.length,
        idQuadratura: found.map(({ id, at }) => ({ identificativoFlusso: id, dataOraFlusso: localTime(at) })),
      },
    }
  },
  refuse: bareFault,
}

export const fetchQuadratura: NodeCall = {
  about: (request) => ({ domain: readKey(request).domain }),
  run: (context, request) => {
    const who = checkReader(request, context.registry)
    if (who) return bareFault(who)
    const id = textAt(request.body, 'identificativoFlusso')
    const found = wanted(context, request).find((one) => one.id === id)
    if (!found) return bareFault({ code: 'PPT_ID_FLUSSO_SCONOSCIUTO' })
    return { xmlQuadratura: Buffer.from(writeQuadratura(found)).toString('base64') }
  },
  refuse: bareFault,
}

const wanted = ({ world }: Context, request: Request) =>
  quadratureOf(world.flows.latest(), readKey(request).domain)
