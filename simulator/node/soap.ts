import { create } from 'xmlbuilder2'
import type { XMLBuilder } from 'xmlbuilder2/lib/interfaces.js'
import { readSoap } from '../../contracts/soap.ts'
import { readTree, type XmlTree } from '../xml-tree.ts'

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
const PPT = 'http://ws.pagamenti.telematici.gov/'
const PPTHEAD = 'http://ws.pagamenti.telematici.gov/ppthead'

export type Asked =
  | { kind: 'readable'; operation: string; header: XmlTree | undefined; body: XmlTree }
  | { kind: 'unreadable'; operation: string | undefined; problem: string }

/** Splits and validates a request to the node. */
export function readRequest(bytes: Uint8Array): Asked {
  const message = readSoap('nodo-per-pa', bytes)
  if (!message.ok) {
    return {
      kind: 'unreadable',
      operation: message.operation,
      problem: message.violations[0] ?? message.reason,
    }
  }
  const body = readTree(message.body)
  if (!body) return { kind: 'unreadable', operation: message.operation, problem: 'corpo illeggibile' }
  const header = message.header === undefined ? undefined : readTree(message.header)
  return { kind: 'readable', operation: message.operation, header, body }
}

/** Content of nested elements. An array repeats its element; undefined leaves it out. */
export type Content = { [name: string]: string | number | undefined | Content | Content[] }

/** An answer of the node. The root is qualified and its children are not, as its WSDL requires. */
export function writeAnswer(root: string, content: Content): string {
  const { document, body } = envelope()
  fill(body.ele(PPT, `ppt:${root}`), content)
  return document.end({ wellFormed: true })
}

/** A request of the node to a station, with its header. */
export function writeRequest(header: Content, root: string, content: Content): string {
  const { document, head, body } = envelope()
  fill(head.ele(PPTHEAD, 'h:intestazionePPT'), header)
  fill(body.ele(PPT, `ppt:${root}`), content)
  return document.end({ wellFormed: true })
}

/** The answer of a broken server in place of a fault bean. */
export function writeSoapFault(text: string): string {
  const { document, body } = envelope()
  const fault = body.ele(SOAP, 'soapenv:Fault')
  fault.ele('', 'faultcode').txt('soapenv:Server')
  fault.ele('', 'faultstring').txt(text)
  return document.end({ wellFormed: true })
}

function envelope(): { document: XMLBuilder; head: XMLBuilder; body: XMLBuilder } {
  const document = create({ version: '1.0', encoding: 'UTF-8' }).ele(SOAP, 'soapenv:Envelope')
  return { document, head: document.ele(SOAP, 'soapenv:Header'), body: document.ele(SOAP, 'soapenv:Body') }
}

function fill(parent: XMLBuilder, content: Content): void {
  for (const [name, value] of Object.entries(content)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) {
      const element = parent.ele('', name)
      if (typeof one === 'object') fill(element, one)
      else element.txt(String(one))
    }
  }
}
