import { XmlC14NMode, XmlElement, type XmlTreeNode } from 'libxml2-wasm'

export function childElements(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = []
  for (let child: XmlTreeNode | null = parent.firstChild; child; child = child.next) {
    if (child instanceof XmlElement) found.push(child)
  }
  return found
}

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
