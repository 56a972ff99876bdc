import type { OutgoingCart, OutgoingAttempt } from '../payment/outgoing.ts'
import type { AttemptKey } from '../payment/model.ts'
import { HEAD_NAMESPACE, NODE_NAMESPACE, buildSoap, type XmlContent } from './soap.ts'
import { bytesOf, pageUrlOf } from './values.ts'
import { child, children, has, textOf, type XmlTree } from './xml-tree.ts'

/** Our identity at the node: one broker and one station for the whole platform. */
export interface Station {
  broker: string
  station: string
  password: string
}

/** "The PSP is chosen on the node's pages". Source: docs/field/identifiers.md#broker-and-station. */
const ANY_PSP = {
  identificativoPSP: 'AGID_01',
  identificativoIntermediarioPSP: '97735020584',
  identificativoCanale: '97735020584_02',
}

export function buildInviaCarrello(station: Station, cart: OutgoingCart): Uint8Array {
  return buildSoap({
    header: {
      namespace: HEAD_NAMESPACE,
      name: 'intestazioneCarrelloPPT',
      content: { ...whoWeAre(station), identificativoCarrello: cart.carrelloId },
    },
    body: {
      namespace: NODE_NAMESPACE,
      name: 'nodoInviaCarrelloRPT',
      content: {
        password: station.password,
        ...ANY_PSP,
        listaRPT: { elementoListaRPT: cart.attempts.map(listElement) },
        multiBeneficiario: cart.multiBeneficiario ? 'true' : undefined,
      },
    },
  })
}

/** One RPT for the PSP that asked for it. Source: docs/field/node-messages.md#sending-for-a-psp. */
export function buildInviaRpt(station: Station, { attempts, psp }: OutgoingCart): Uint8Array {
  const [rpt] = attempts
  return buildSoap({
    header: {
      namespace: HEAD_NAMESPACE,
      name: 'intestazionePPT',
      content: { ...whoWeAre(station), ...key(rpt!) },
    },
    body: {
      namespace: NODE_NAMESPACE,
      name: 'nodoInviaRPT',
      content: {
        password: station.password,
        identificativoPSP: psp!.psp,
        identificativoIntermediarioPSP: psp!.broker,
        identificativoCanale: psp!.channel,
        rpt: Buffer.from(rpt!.document).toString('base64'),
      },
    },
  })
}

const listElement = (rpt: OutgoingAttempt): XmlContent => ({
  ...key(rpt),
  rpt: Buffer.from(rpt.document).toString('base64'),
})

export const buildChiediStato = (station: Station, rpt: AttemptKey): Uint8Array =>
  ask('nodoChiediStatoRPT', station, rpt)
export const buildChiediCopia = (station: Station, rpt: AttemptKey): Uint8Array =>
  ask('nodoChiediCopiaRT', station, rpt)

function ask(name: string, station: Station, rpt: AttemptKey): Uint8Array {
  const content = { ...whoWeAre(station), password: station.password, ...key(rpt) }
  return buildSoap({ body: { namespace: NODE_NAMESPACE, name, content } })
}

const whoWeAre = ({ broker, station }: Station): XmlContent => ({
  identificativoIntermediarioPA: broker,
  identificativoStazioneIntermediarioPA: station,
})

const key = ({ domain, iuv, attemptCode }: AttemptKey): XmlContent => ({
  identificativoDominio: domain,
  identificativoUnivocoVersamento: iuv,
  codiceContestoPagamento: attemptCode,
})

export type CartReply = { kind: 'accepted'; url: string | null } | { kind: 'fault'; faultCode: string }

/** Reads `nodoInviaCarrelloRPTRisposta`: first the fault, then esitoComplessivoOperazione. */
export function readCartReply(reply: XmlTree): CartReply {
  const faultCode = faultCodeOf(reply) ?? listFault(reply)
  if (faultCode !== null) return { kind: 'fault', faultCode }
  if (textOf(reply, 'esitoComplessivoOperazione') !== 'OK')
    return { kind: 'fault', faultCode: 'KO_WITHOUT_FAULT' }
  return { kind: 'accepted', url: pageUrlOf(reply, 'url') }
}

/**
 * Reads `nodoInviaRPTRisposta`. There is no address, because the payer stands at a counter and no browser is
 * redirected.
 */
export function readRptReply(reply: XmlTree): CartReply {
  const faultCode = faultCodeOf(reply)
  if (faultCode !== null) return { kind: 'fault', faultCode }
  if (textOf(reply, 'esito') !== 'OK') return { kind: 'fault', faultCode: 'KO_WITHOUT_FAULT' }
  return { kind: 'accepted', url: null }
}

export type StateReply =
  { kind: 'known'; state: string; url: string | null } | { kind: 'fault'; faultCode: string }

/** With a fault the node sends `esito` or leaves it out; both are accepted (D12). */
export function readStateReply(reply: XmlTree): StateReply {
  const faultCode = faultCodeOf(reply)
  if (faultCode !== null) return { kind: 'fault', faultCode }
  const esito = child(reply, 'esito')
  return { kind: 'known', state: textOf(esito, 'stato'), url: pageUrlOf(esito, 'url') }
}

export type CopyReply = { kind: 'rt'; document: Uint8Array } | { kind: 'fault'; faultCode: string }

export function readCopyReply(reply: XmlTree): CopyReply {
  const faultCode = faultCodeOf(reply)
  if (faultCode !== null) return { kind: 'fault', faultCode }
  if (!has(reply, 'rt')) return { kind: 'fault', faultCode: 'RT_MISSING' }
  const document = bytesOf(reply, 'rt')
  return document.length === 0 ? { kind: 'fault', faultCode: 'RT_MISSING' } : { kind: 'rt', document }
}

function faultCodeOf(reply: XmlTree): string | null {
  return has(reply, 'fault') ? textOf(child(reply, 'fault'), 'faultCode') : null
}

/** The node takes all RPTs of a cart or none, so the first RPT's fault is that of the cart. */
function listFault(reply: XmlTree): string | null {
  const faults = children(reply, 'listaErroriRPT').flatMap((list) => children(list, 'fault'))
  return faults[0] ? textOf(faults[0], 'faultCode') : null
}

export interface IncomingHeader extends AttemptKey {
  broker: string
  station: string
}

/** Reads `intestazionePPT` of a call to us. */
export function readHeader(header: XmlTree): IncomingHeader {
  return {
    broker: textOf(header, 'identificativoIntermediarioPA'),
    station: textOf(header, 'identificativoStazioneIntermediarioPA'),
    domain: textOf(header, 'identificativoDominio'),
    iuv: textOf(header, 'identificativoUnivocoVersamento'),
    attemptCode: textOf(header, 'codiceContestoPagamento'),
  }
}

export interface PaaFault {
  faultCode: string
  faultString: string
  /** Codice fiscale of the ente that gives the fault. */
  id: string
  description?: string
}

/** The answer wraps an inner element of the same name (docs/field/node-messages.md#faults-we-give). */
export function buildInviaRtReply(fault?: PaaFault): Uint8Array {
  const inner: XmlContent = fault ? { fault: { ...fault }, esito: 'KO' } : { esito: 'OK' }
  return buildSoap({
    body: {
      namespace: NODE_NAMESPACE,
      name: 'paaInviaRTRisposta',
      content: { paaInviaRTRisposta: inner },
    },
  })
}
