import type { Context } from '../context.ts'
import type { Drawn } from '../behaviour/behaviours.ts'
import { keyOf } from '../world/facts.ts'
import { payUrl } from './accept.ts'
import { faultBean, type Fault } from './fault.ts'
import { checkReader, readKey, type NodeCall } from './operation.ts'
import type { Content } from './soap.ts'

export const askState: NodeCall = {
  about: readKey,
  run: (context, request, rule) => {
    const who = checkReader(request, context.registry)
    if (who) return refuse(who, context, rule)
    const key = keyOf(readKey(request))
    const rpt = context.world.rpts.get(key)
    const history = rpt?.history ?? context.world.refused.get(key)
    if (!history) return refuse({ code: 'PPT_RPT_SCONOSCIUTA' }, context, rule)
    const state = rule?.kind === 'state' ? rule.state : history.at(-1)?.state
    const isPayable = rpt !== undefined && context.world.open.has(rpt.idSession)
    return {
      esito: {
        stato: state,
        redirect: isPayable ? 1 : 0,
        ...(isPayable ? { url: payUrl(context, rpt.idSession) } : {}),
        elementoStoricoRPT: history.map(({ state: stato, at: data }) => ({
          data,
          stato,
          descrizione: stato,
        })),
      },
    }
  },
  refuse,
}

/** The WSDL requires `esito` beside a fault, but real nodes often leave it out. So every second refusal has none. */
function refuse(fault: Fault, context: Context, rule: Drawn | undefined): Content {
  const calls = context.behaviours.calls.get('nodoChiediStatoRPT') ?? 0
  const isBare = rule?.kind === 'without_esito' || (rule?.kind !== 'with_esito' && calls % 2 === 0)
  return { fault: faultBean(fault), ...(isBare ? {} : { esito: { stato: 'KO' } }) }
}
