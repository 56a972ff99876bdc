import type { XmlDocument, XmlElement } from 'libxml2-wasm'
import { check, type SchemaName } from './schemas.ts'
import { canonicalText, childElements } from './tree.ts'
import { parseXml, type XmlRefusal } from './xml.ts'

/** `header` and `body` are standalone XML: they contain the namespaces that the envelope declared. */
export type SoapMessage = { ok: true; operation: string; header: string | undefined; body: string }

export type SoapRefusal = {
  ok: false
  reason: XmlRefusal['kind'] | 'not_soap' | 'soap_fault' | 'invalid'
  /** Set as soon as the body was found, so that the answer can have the message type of that operation. */
  operation: string | undefined
  /** Contain no values of the document, so they may be logged. For `soap_fault`: the fault code. */
  violations: string[]
}

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'

/** Namespace of messages; their headers are in it plus `ppthead`. All services of the node share this one. */
const NODO = 'http://ws.pagamenti.telematici.gov/'
const NAMESPACES: Readonly<Partial<Record<SchemaName, string>>> = {
  'pa-per-ente': 'http://www.regione.veneto.it/pagamenti/ente/',
}

/** The header that each operation must have; operations not listed have none. Source: the WSDL bindings. */
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
 * Violations that are accepted. A node that refuses nodoChiediStatoRPT has no state to report, and many nodes then
 * leave out the mandatory `esito` beside the fault.
 */
const TOLERATED: ReadonlySet<string> = new Set(['nodoChiediStatoRPTRisposta is incomplete, expected esito'])

/** Splits a SOAP 1.1 message and validates its header and its body; for requests and answers. */
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

/**
 * Elements of the SOAP header that are in `namespace`. Other headers, such as WS-Security or WS-Addressing, are
 * ignored.
 */
function headersOf(parts: XmlElement[], namespace: string): XmlElement[] {
  const header = soapChild(parts, 'Header')
  return header ? childElements(header).filter((element) => inNamespace(element, namespace)) : []
}

/** Exactly one body after at most one header. With two of either, one part could be checked and another one used. */
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
