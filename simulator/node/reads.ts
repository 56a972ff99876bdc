import { textAt } from '../xml-tree.ts'
import { bytesOf } from '../psp/written.ts'
import { keyOf } from '../world/facts.ts'
import { bareFault, checkReader, readKey, type NodeCall } from './operation.ts'
import type { Content } from './soap.ts'

/** Returns the genuine RT of an RPT, whether it was pushed or not. */
export const copyRt: NodeCall = {
  about: readKey,
  run: ({ world, registry }, request) => {
    const who = checkReader(request, registry)
    if (who) return bareFault(who)
    const key = keyOf(readKey(request))
    if (!world.rpts.has(key)) return bareFault({ code: 'PPT_RT_SCONOSCIUTA' })
    const rt = world.genuineRt(key)
    if (!rt) return bareFault({ code: 'PPT_RT_NONDISPONIBILE' })
    return { tipoFirma: '', rt: bytesOf(rt).toString('base64') }
  },
  refuse: bareFault,
}

/** RPTs without an RT, oldest first. An empty range gives an empty list, not a fault. */
export const listPending: NodeCall = {
  about: (request) => ({ domain: readKey(request).domain }),
  run: ({ world, registry }, request) => {
    const who = checkReader(request, registry)
    if (who) return bareFault(who)
    const domain = textAt(request.body, 'identificativoDominio')
    const from = Date.parse(textAt(request.body, 'rangeDa') ?? '') || 0
    const to = Date.parse(textAt(request.body, 'rangeA') ?? '') || Infinity
    const most = Math.min(Number(textAt(request.body, 'dimensioneLista') ?? 100), 1000)
    const found: Content[] = []
    for (const rpt of world.withoutRt.values()) {
      if (found.length === most) break
      const at = Date.parse(rpt.acceptedAt)
      if ((domain !== undefined && rpt.domain !== domain) || at < from || at > to) continue
      found.push({
        identificativoDominio: rpt.domain,
        identificativoUnivocoVersamento: rpt.iuv,
        codiceContestoPagamento: rpt.ccp,
        stato: rpt.history.at(-1)?.state,
      })
    }
    return { listaRPTPendenti: { totRestituiti: found.length, rptPendente: found } }
  },
  refuse: bareFault,
}
