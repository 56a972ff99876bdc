import { parseXml } from '../contracts/xml.ts'

/** An element without namespace and attributes, which is enough for messages of known form. */
export type XmlTree = { name: string; text: string; children: XmlTree[] }

/** The parts of a parsed element that we need, so that types of libxml2 stay inside contracts/. */
type ParsedNode = { name: string; content: string; find: (xpath: string) => ParsedNode[] }

/** Undefined when it is not XML, or XML that parseXml refuses. */
export function readTree(xml: Uint8Array | string): XmlTree | undefined {
  const parsed = parseXml(typeof xml === 'string' ? Buffer.from(xml) : xml)
  if (!parsed.ok) return undefined
  try {
    return toTree(parsed.doc.root as unknown as ParsedNode)
  } finally {
    parsed.doc.dispose()
  }
}

export function child(node: XmlTree | undefined, name: string): XmlTree | undefined {
  return node?.children.find((one) => one.name === name)
}

export function childrenOf(node: XmlTree | undefined, name: string): XmlTree[] {
  return node?.children.filter((one) => one.name === name) ?? []
}

/** The text at the end of a path of element names. */
export function textAt(node: XmlTree | undefined, ...path: string[]): string | undefined {
  return path.reduce<XmlTree | undefined>(child, node)?.text
}

/** Uses XPath, because a walk over siblings would end at a processing instruction. */
function toTree(node: ParsedNode): XmlTree {
  const children = node.find('*').map(toTree)
  return { name: node.name, text: children.length === 0 ? node.content : '', children }
}
