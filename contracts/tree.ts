import { XmlC14NMode, XmlElement } from 'libxml2-wasm'

/** By a query, because a walk over siblings would end at the first processing instruction, which knows no next one. */
export const childElements = (parent: XmlElement): XmlElement[] =>
  parent.find('*').filter((child) => child instanceof XmlElement)

/** An element as a document of its own. Inclusive C14N, because values may use outer prefixes. */
export function canonicalText(element: XmlElement): string {
  const chunks: Uint8Array[] = []
  const write = (chunk: Uint8Array): number => {
    chunks.push(chunk.slice()) // a view on the parser's memory, which is about to change
    return chunk.byteLength
  }
  element.canonicalize({ write, close: () => true }, { mode: XmlC14NMode.XML_C14N_1_0 })
  return Buffer.concat(chunks).toString('utf8')
}
