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

export const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** A tree that grows while a parser reads its document. */
export class GrowingTree {
  readonly #document: Growing = { text: '', children: new Map() }
  readonly #open = [this.#document]

  /** How many elements are open. */
  get depth(): number {
    return this.#open.length - 1
  }

  /** @param name a prefix is left out */
  open(name: string): void {
    const element: Growing = { text: '', children: new Map() }
    occurrences(this.#open.at(-1)!, localName(name)).push(element)
    this.#open.push(element)
  }

  text(text: string): void {
    this.#open.at(-1)!.text += text
  }

  close(): void {
    this.#open.pop()
  }

  /** @throws RangeError when nothing was opened */
  root(): XmlTree {
    const root = [...this.#document.children.values()][0]?.[0]
    if (!root) throw new RangeError('no root element')
    return root
  }
}

/**
 * Reads the root element of a document that a real XML parser has already accepted. Senders use different prefixes, so
 * only local names count.
 */
export function readTree(xml: string): XmlTree {
  const tree = new GrowingTree()
  const parser = new SaxesParser()
  parser.on('opentag', ({ name }) => tree.open(name))
  parser.on('closetag', () => tree.close())
  parser.on('text', (text) => tree.text(text))
  parser.on('cdata', (text) => tree.text(text))
  parser.write(xml).close()
  return tree.root()
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
