import { create } from 'xmlbuilder2'
import { z } from 'zod'

/** An element of a schema-valid document: local names to their occurrences, prefixes and attributes left out. */
export interface XmlTree {
  readonly text: string
  readonly children: ReadonlyMap<string, readonly XmlTree[]>
}

const node = z.record(z.string(), z.unknown())

/** Root element of a document that a real XML parser has already accepted. Prefixes vary among senders; names do not. */
export function readTree(xml: string): XmlTree {
  const document = toTree(create(xml).toObject({ verbose: true }))
  const root = [...document.children.values()][0]?.[0]
  if (!root) throw new RangeError('no root element')
  return root
}

export function child(of: XmlTree, name: string): XmlTree {
  const found = of.children.get(name)?.[0]
  if (!found) throw new RangeError(`element missing: ${name}`)
  return found
}

export const children = (of: XmlTree, name: string): readonly XmlTree[] => of.children.get(name) ?? []
export const textOf = (of: XmlTree, name: string): string => child(of, name).text
export const has = (of: XmlTree, name: string): boolean => of.children.has(name)

/** `null` when absent or empty. */
export const optionalText = (of: XmlTree, name: string): string | null => children(of, name)[0]?.text || null

function toTree(value: unknown): XmlTree {
  if (typeof value === 'string') return { text: value, children: new Map() }
  if (Array.isArray(value)) return mixed(value)
  let text = ''
  const found = new Map<string, XmlTree[]>()
  for (const [key, content] of Object.entries(node.parse(value))) {
    if (key.startsWith('#') || key.startsWith('$')) text += textIn(content)
    else if (/^[@!?]/.test(key)) continue
    else found.set(key.slice(key.indexOf(':') + 1), occurrences(content))
  }
  return { text, children: found }
}

/** Text beside CDATA or comments comes as a list. */
const mixed = (values: readonly unknown[]): XmlTree => ({
  text: values.map((value) => toTree(value).text).join(''),
  children: new Map(),
})

const occurrences = (content: unknown): XmlTree[] =>
  (Array.isArray(content) ? content : [content]).map(toTree)
const textIn = (content: unknown): string =>
  Array.isArray(content) ? content.map(textIn).join('') : typeof content === 'string' ? content : ''
