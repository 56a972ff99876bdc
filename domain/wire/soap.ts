import { create } from 'xmlbuilder2'

export const SOAP_NAMESPACE = 'http://schemas.xmlsoap.org/soap/envelope/'
export const NODE_NAMESPACE = 'http://ws.pagamenti.telematici.gov/'
export const HEAD_NAMESPACE = 'http://ws.pagamenti.telematici.gov/ppthead'

export type XmlContent = { [name: string]: XmlValue }
type XmlItem = string | undefined | XmlContent
type XmlValue = XmlItem | XmlItem[]

export interface SoapPart {
  namespace: string
  name: string
  /** Unqualified children in the schema's order; undefined ones are left out. */
  content: XmlContent
}

/** A SOAP 1.1 document/literal message. Exactly these bytes are sent, stored and validated. */
export function buildSoap({ header, body }: { header?: SoapPart; body: SoapPart }): Uint8Array {
  const envelope = create({ version: '1.0', encoding: 'UTF-8' }).ele(SOAP_NAMESPACE, 'soapenv:Envelope')
  if (header) addPart(envelope.ele(SOAP_NAMESPACE, 'soapenv:Header'), 'head', header)
  addPart(envelope.ele(SOAP_NAMESPACE, 'soapenv:Body'), 'ws', body)
  return new TextEncoder().encode(envelope.doc().end({ wellFormed: true }))
}

/** The bytes of a request with asterisks for the password of the station, because the journal must not have it. */
export const withoutPassword = (request: Uint8Array): Uint8Array =>
  Buffer.from(
    Buffer.from(request)
      .toString('utf8')
      .replace(/<password>[^<]*<\/password>/, '<password>***</password>'),
  )

type Builder = ReturnType<typeof create>

function addPart(parent: Builder, prefix: string, part: SoapPart): void {
  const root = parent.ele(part.namespace, `${prefix}:${part.name}`)
  addContent(root, part.content)
}

function addContent(parent: Builder, content: XmlContent): void {
  for (const [name, value] of Object.entries(content)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined) continue
      const element = parent.ele('', name)
      if (typeof one === 'string') element.txt(one)
      else addContent(element, one)
    }
  }
}
