import { parseXml } from '../contracts/xml.ts'

/** An element without its wrapping: enough to read messages of known shape. */
export type XmlTree = { name: string; text: string; children: XmlTree[] }

/** What we need of a parsed element; libxml2's own classes stay behind the contracts. */
type ParsedNode = { name: string; content: string; find: (xpath: string) => ParsedNode[] }

/** Undefined when it is not XML we are willing to read. */
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

/** Text at the end of a path of element names. */
export function textAt(node: XmlTree | undefined, ...path: string[]): string | undefined {
  return path.reduce<XmlTree | undefined>(child, node)?.text
}

/** By XPath, because a walk from sibling to sibling ends at a processing instruction. */
function toTree(node: ParsedNode): XmlTree {
  const children = node.find('*').map(toTree)
  return { name: node.name, text: children.length === 0 ? node.content : '', children }
}
