import type { Context } from '../context.ts'
import { textAt } from '../xml-tree.ts'
import { keyOf } from '../world/facts.ts'
import { accept, noteRefusal, payUrl } from './accept.ts'
import { faultBean, type Fault } from './fault.ts'
import { isFault, type NodeCall, type Request } from './operation.ts'
import { checkPa, checkPsp } from './registry.ts'
import { checkIbans, checkMeaning, readDocument, type RawRpt, type ReadRpt } from './rpt-checks.ts'

export const sendRpt: NodeCall = {
  about: headerKey,
  run: (context, request, rule) => {
    const sender = readSender(request)
    const read = admit(context, request, sender)
    if (isFault(read)) return refuse(read)
    const { broker, station } = sender
    const sent = { operation: 'nodoInviaRPT', broker, station, rpts: [read] }
    const idSession = accept(context, sent, rule?.states ?? [])
    // The payer is at a PSP's counter, so there is no page for a redirect.
    if (read.rpt.kind === 'PO') return { esito: 'OK', redirect: 0 }
    return { esito: 'OK', redirect: 1, url: payUrl(context, idSession) }
  },
  refuse,
}

function refuse(fault: Fault) {
  return { fault: faultBean(fault), esito: 'KO' }
}

/** Runs the node's checks in its order; the first failure is the answer. */
function admit(context: Context, request: Request, sender: Sender): ReadRpt | Fault {
  const key = headerKey(request)
  const stranger =
    checkPsp(sender, context.registry) ?? checkPa({ ...sender, domains: [key.domain] }, context.registry)
  if (stranger) return stranger
  const read = checked(context, sender, { ...key, bytes: documentOf(request) })
  if (isFault(read)) {
    noteRefusal(context, key, read.code)
    return read
  }
  return context.world.rpts.has(keyOf(key)) ? { code: 'PPT_RPT_DUPLICATA' } : read
}

function checked({ registry }: Context, { station }: Sender, rpt: RawRpt): ReadRpt | Fault {
  const read = readDocument(rpt)
  return isFault(read) ? read : (checkMeaning(read, station) ?? checkIbans(read, registry) ?? read)
}

function headerKey({ header }: Request) {
  return {
    domain: textAt(header, 'identificativoDominio') ?? '',
    iuv: textAt(header, 'identificativoUnivocoVersamento') ?? '',
    ccp: textAt(header, 'codiceContestoPagamento') ?? '',
  }
}

function documentOf({ body }: Request): Buffer {
  return Buffer.from(textAt(body, 'rpt') ?? '', 'base64')
}

type Sender = ReturnType<typeof readSender>

/** The sender and its PSP; both sending calls have the same fields. */
export function readSender({ header, body }: Request) {
  return {
    psp: textAt(body, 'identificativoPSP') ?? '',
    pspBroker: textAt(body, 'identificativoIntermediarioPSP') ?? '',
    channel: textAt(body, 'identificativoCanale') ?? '',
    broker: textAt(header, 'identificativoIntermediarioPA') ?? '',
    station: textAt(header, 'identificativoStazioneIntermediarioPA') ?? '',
    password: textAt(body, 'password') ?? '',
  }
}
