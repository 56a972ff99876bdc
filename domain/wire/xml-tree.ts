import { SaxesParser } from 'saxes'

/**
 * An element of a schema-valid document: its text, and its children by local name. Prefixes and attributes are left
 * out.
 */
export interface XmlTree {
  readonly text: string
  readonly children: ReadonlyMap<string, readonly XmlTree[]>
}

interface Growing {
  text: string
  children: Map<string, Growing[]>
}

/**
 * Reads the root element of a document that a real XML parser has already accepted. Senders use different prefixes, so
 * only local names count.
 */
export function readTree(xml: string): XmlTree {
  const document: Growing = { text: '', children: new Map() }
  const open = [document]
  const addText = (text: string): void => void (open.at(-1)!.text += text)
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => {
    const element: Growing = { text: '', children: new Map() }
    occurrences(open.at(-1)!, name.slice(name.indexOf(':') + 1)).push(element)
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.write(xml).close()
  const root = [...document.children.values()][0]?.[0]
  if (!root) throw new RangeError('no root element')
  return root
}

function occurrences({ children: found }: Growing, name: string): Growing[] {
  const known = found.get(name)
  if (known) return known
  const first: Growing[] = []
  found.set(name, first)
  return first
}

export function child(of: XmlTree, name: string): XmlTree {
  const found = of.children.get(name)?.[0]
  if (!found) throw new RangeError(`element missing: ${name}`)
  return found
}

export const children = (of: XmlTree, name: string): readonly XmlTree[] => of.children.get(name) ?? []
export const textOf = (of: XmlTree, name: string): string => child(of, name).text
export const has = (of: XmlTree, name: string): boolean => of.children.has(name)

/** Null when absent or empty. */
export const optionalText = (of: XmlTree, name: string): string | null => children(of, name)[0]?.text || null
