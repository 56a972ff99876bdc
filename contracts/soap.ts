import type { XmlDocument, XmlElement } from 'libxml2-wasm'
import { check, type SchemaName } from './schemas.ts'
import { canonicalText, childElements } from './tree.ts'
import { parseXml, type XmlRefusal } from './xml.ts'

/** `header` and `body` are standalone XML: the namespaces their envelope declared are in them. */
export type SoapMessage = { ok: true; operation: string; header: string | undefined; body: string }

export type SoapRefusal = {
  ok: false
  reason: XmlRefusal['kind'] | 'not_soap' | 'soap_fault' | 'invalid'
  /** Known as soon as the body could be found, so that the answer can be of its kind. */
  operation: string | undefined
  /** Without values of the document, fit for a log. For `soap_fault`: the fault code. */
  violations: string[]
}

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'

/** Of the messages; their headers add `ppthead`. The node's services share one. */
const NODO = 'http://ws.pagamenti.telematici.gov/'
const NAMESPACES: Readonly<Partial<Record<SchemaName, string>>> = {
  'pa-per-ente': 'http://www.regione.veneto.it/pagamenti/ente/',
}

/** Operations that say in a header what they are about; the others have none. Source: the WSDL bindings. */
const REQUIRED_HEADER: Readonly<Record<string, string>> = {
  nodoInviaRPT: 'intestazionePPT',
  nodoInviaCarrelloRPT: 'intestazioneCarrelloPPT',
  paaInviaRT: 'intestazionePPT',
  paaVerificaRPT: 'intestazionePPT',
  paaAttivaRPT: 'intestazionePPT',
  paaSILAutorizzaImportFlusso: 'intestazionePPT',
  paaSILChiediStatoImportFlusso: 'intestazionePPT',
}

/**
 * What the schema forbids and a message may do all the same. A Node that refuses nodoChiediStatoRPT has no state
 * to tell, and many leave the mandatory `esito` out beside the fault.
 */
const TOLERATED: ReadonlySet<string> = new Set(['nodoChiediStatoRPTRisposta is incomplete, expected esito'])

/** Splits a SOAP 1.1 message and validates its header and its body, requests and answers alike. */
export function readSoap(schema: SchemaName, bytes: Uint8Array): SoapMessage | SoapRefusal {
  const reading = parseXml(bytes)
  if (!reading.ok) return refuse(reading.refusal.kind, [reading.refusal.message])
  try {
    return readEnvelope(schema, reading.doc)
  } finally {
    reading.doc.dispose()
  }
}

function readEnvelope(schema: SchemaName, doc: XmlDocument): SoapMessage | SoapRefusal {
  const parts = doc.root.name === 'Envelope' && inNamespace(doc.root, SOAP) ? childElements(doc.root) : []
  const body = soapChild(parts, 'Body')
  if (!body) return refuse('not_soap', ['no SOAP 1.1 envelope with a body'])
  if (!isOneMessage(parts))
    return refuse('not_soap', ['the envelope needs one body, after at most one header'])
  const messages = childElements(body)
  const message = messages[0]
  if (!message || messages.length > 1) return refuse('not_soap', ['the body needs exactly one message'])
  if (message.name === 'Fault' && inNamespace(message, SOAP))
    return refuse('soap_fault', [faultCode(message)])
  return readMessage(schema, message, parts)
}

function readMessage(schema: SchemaName, body: XmlElement, parts: XmlElement[]): SoapMessage | SoapRefusal {
  const operation = body.name
  const namespace = NAMESPACES[schema] ?? NODO
  const headers = headersOf(parts, `${namespace}ppthead`)
  if (!inNamespace(body, namespace))
    return refuse('invalid', ['body is not a message of this schema'], operation)
  const required = Object.hasOwn(REQUIRED_HEADER, operation) ? REQUIRED_HEADER[operation] : undefined
  const header = required === undefined ? undefined : headers[0]
  const problems = [
    ...headerProblems(required, headers),
    ...(header ? check(schema, header) : []),
    ...check(schema, body).filter((problem) => !TOLERATED.has(problem)),
  ]
  if (problems.length > 0) return refuse('invalid', problems, operation)
  return { ok: true, operation, header: header && canonicalText(header), body: canonicalText(body) }
}

function headerProblems(required: string | undefined, headers: XmlElement[]): string[] {
  if (required === undefined) return []
  const fits = headers.length === 1 && headers[0]?.name === required
  return fits ? [] : [`header ${required} must be there once`]
}

/** Headers of others, such as security or addressing, are none of ours. */
function headersOf(parts: XmlElement[], namespace: string): XmlElement[] {
  const header = soapChild(parts, 'Header')
  return header ? childElements(header).filter((element) => inNamespace(element, namespace)) : []
}

/** Two headers or two bodies would let a reader choose: what one part proves, another would ask for. */
function isOneMessage(parts: XmlElement[]): boolean {
  const names = parts.filter((part) => inNamespace(part, SOAP)).map((part) => part.name)
  return names.join() === 'Body' || names.join() === 'Header,Body'
}

function soapChild(parts: XmlElement[], name: string): XmlElement | undefined {
  return parts.find((part) => part.name === name && inNamespace(part, SOAP))
}

function inNamespace(element: XmlElement, uri: string): boolean {
  return element.namespaceUri === uri
}

function faultCode(fault: XmlElement): string {
  const code = childElements(fault).find((child) => child.name === 'faultcode')
  return (code?.content ?? '').slice(0, 100)
}

function refuse(reason: SoapRefusal['reason'], problems: string[], operation?: string): SoapRefusal {
  return { ok: false, reason, operation, violations: problems }
}
