import { XmlC14NMode, XmlElement } from 'libxml2-wasm'

/** Uses a query because a walk over siblings would end at the first processing instruction, which has no `next`. */
export const childElements = (parent: XmlElement): XmlElement[] =>
  parent.find('*').filter((child) => child instanceof XmlElement)

/** An element as standalone XML text. Inclusive C14N keeps outer namespaces, because values may use their prefixes. */
export function canonicalText(element: XmlElement): string {
  const chunks: Uint8Array[] = []
  const write = (chunk: Uint8Array): number => {
    chunks.push(chunk.slice()) // a view of parser memory that is reused
    return chunk.byteLength
  }
  element.canonicalize({ write, close: () => true }, { mode: XmlC14NMode.XML_C14N_1_0 })
  return Buffer.concat(chunks).toString('utf8')
}
