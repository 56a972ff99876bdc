import type { Context } from '../context.ts'
import { child, childrenOf, textAt } from '../xml-tree.ts'
import { keyOf } from '../world/facts.ts'
import { accept, noteRefusal, payUrl } from './accept.ts'
import { checkCart, checkMultiBeneficiary, type CartRead } from './cart-checks.ts'
import { faultBean, type Fault } from './fault.ts'
import { isFault, type NodeCall, type Request } from './operation.ts'
import { checkPa, checkPsp } from './registry.ts'
import type { Content } from './soap.ts'
import { checkIbans, checkMeaning, readDocument, type RawRpt, type ReadRpt } from './rpt-checks.ts'
import { readSender } from './send-rpt.ts'

export const sendCart: NodeCall = {
  about: (request) => {
    const first = rptList(request)[0]
    const idCart = idCartOf(request)
    return first ? { idCart, domain: first.domain, iuv: first.iuv, ccp: first.ccp } : { idCart }
  },
  run: (context, request, rule) => {
    const admitted = admit(context, request)
    if (!('rpts' in admitted)) return refuse(...admitted.faults)
    const { broker, station } = readSender(request)
    const idCart = idCartOf(request)
    const sent = { operation: 'nodoInviaCarrelloRPT', broker, station, idCart, rpts: admitted.rpts }
    const idSession = accept(context, sent, rule?.states ?? [])
    return { esitoComplessivoOperazione: 'OK', url: payUrl(context, idSession) }
  },
  refuse: (fault) => refuse(fault),
}

/** The first fault is that of the cart; faults of single RPTs are also listed. */
function refuse(...faults: Fault[]): Content {
  const listed = faults.filter(({ serial }) => serial !== undefined).map(faultBean)
  return {
    fault: faultBean(faults[0]!),
    esitoComplessivoOperazione: 'KO',
    ...(listed.length === 0 ? {} : { listaErroriRPT: { fault: listed } }),
  }
}

/** Accepts all RPTs or none. The checks run in the node's order. */
function admit(context: Context, request: Request): { faults: Fault[] } | { rpts: ReadRpt[] } {
  const { world, registry } = context
  const sender = readSender(request)
  const raw = rptList(request)
  const domains = raw.map(({ domain }) => domain)
  const who = checkPsp(sender, registry) ?? checkPa({ ...sender, domains }, registry)
  if (who) return { faults: [who] }
  const documents = raw.map(readDocument)
  const rpts = documents.filter(isRead)
  const idCart = idCartOf(request)
  const cart: CartRead = { idCart, rpts, isMultiBeneficiary: isMulti(request) }
  const wrong = firstFaults([
    () => numbered(documents, (document) => (isFault(document) ? document : undefined)),
    () => whole(checkMultiBeneficiary(cart)),
    () => numbered(rpts, (rpt) => checkMeaning(rpt, sender.station)),
    () => whole(checkCart(cart)),
    () => numbered(rpts, (rpt) => checkIbans(rpt, registry)),
  ])
  // An RPT that was already accepted stays accepted; noteRefusal never overwrites it.
  for (const fault of wrong) noteRefusal(context, raw[(fault.serial ?? 1) - 1]!, fault.code)
  if (wrong.length > 0) return { faults: wrong }
  const faults = firstFaults([
    () => (world.carts.has(idCart) ? [{ code: 'PPT_ID_CARRELLO_DUPLICATO' }] : []),
    () => numbered(rpts, (rpt) => (world.rpts.has(keyOf(rpt)) ? { code: 'PPT_RPT_DUPLICATA' } : undefined)),
  ])
  return faults.length > 0 ? { faults } : { rpts }
}

function firstFaults(steps: (() => Fault[])[]): Fault[] {
  for (const step of steps) {
    const faults = step()
    if (faults.length > 0) return faults
  }
  return []
}

function numbered<T>(rpts: T[], check: (rpt: T) => Fault | undefined): Fault[] {
  return rpts.flatMap((rpt, index) => {
    const fault = check(rpt)
    return fault ? [{ ...fault, serial: index + 1 }] : []
  })
}

function whole(fault: Fault | undefined): Fault[] {
  return fault ? [fault] : []
}

function isRead(document: ReadRpt | Fault): document is ReadRpt {
  return !isFault(document)
}

function rptList({ body }: Request): RawRpt[] {
  return childrenOf(child(body, 'listaRPT'), 'elementoListaRPT').map((element) => ({
    domain: textAt(element, 'identificativoDominio') ?? '',
    iuv: textAt(element, 'identificativoUnivocoVersamento') ?? '',
    ccp: textAt(element, 'codiceContestoPagamento') ?? '',
    bytes: Buffer.from(textAt(element, 'rpt') ?? '', 'base64'),
  }))
}

function idCartOf({ header }: Request): string {
  return textAt(header, 'identificativoCarrello') ?? ''
}

function isMulti({ body }: Request): boolean {
  return ['true', '1'].includes(textAt(body, 'multiBeneficiario')?.trim() ?? '')
}
