import type { Context } from '../context.ts'
import type { About, Drawn } from '../behaviour/behaviours.ts'
import { textAt, type XmlTree } from '../xml-tree.ts'
import type { RptKey } from '../world/facts.ts'
import { faultBean, type Fault } from './fault.ts'
import { checkPa, type Registry } from './registry.ts'
import type { Content } from './soap.ts'

export type Request = { header: XmlTree | undefined; body: XmlTree }

/** One call of the node: the subject of a request, its effect and answer, and its refusal. */
export type NodeCall = {
  about: (request: Request) => About
  run: (context: Context, request: Request, rule: Drawn | undefined) => Content
  refuse: (fault: Fault, context: Context, rule: Drawn | undefined) => Content
}

export function isFault(value: object): value is Fault {
  return 'code' in value
}

/** The key of the RPT in a read request. */
export function readKey({ body }: Request): RptKey {
  return {
    domain: textAt(body, 'identificativoDominio') ?? '',
    iuv: textAt(body, 'identificativoUnivocoVersamento') ?? '',
    ccp: textAt(body, 'codiceContestoPagamento') ?? '',
  }
}

export function checkReader({ body }: Request, registry: Registry): Fault | undefined {
  const domain = textAt(body, 'identificativoDominio')
  return checkPa(
    {
      broker: textAt(body, 'identificativoIntermediarioPA') ?? '',
      station: textAt(body, 'identificativoStazioneIntermediarioPA') ?? '',
      password: textAt(body, 'password') ?? '',
      domains: domain === undefined ? [] : [domain],
    },
    registry,
  )
}

/** The refusal of calls that have no outcome element of their own. */
export function bareFault(fault: Fault): Content {
  return { fault: faultBean(fault) }
}
