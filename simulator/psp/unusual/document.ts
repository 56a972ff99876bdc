import { chance, pick, type Random } from '../../behaviour/random.ts'
import { readTree, type XmlTree } from '../../xml-tree.ts'
import type { Written } from '../written.ts'
import { nameElement, type Attribute, type Scope } from './names.ts'
import { endSpace, gap, spaceInTag } from './notes.ts'
import { drawStyle, type Style } from './style.ts'
import { writeAttribute, writeText } from './text.ts'
import { writeValue } from './values.ts'

/**
 * Writes a document again in another spelling that the schema allows: the same elements and values, but almost no byte
 * the same. White space is added only to values whose type ignores it.
 */
export function writeUnusually(xml: string, random: Random): Written {
  const tree = readTree(Buffer.from(xml))
  if (!tree) throw new Error('only XML can be written in another way')
  const style = drawStyle(random)
  const { encoding, mark } = style.alphabet
  const root = writeElement(style, tree, new Map())
  return { xml: mark + writeStart(style) + root + gap(style), encoding }
}

/** Without an XML declaration a document may start with white space or a comment. */
function writeStart(style: Style): string {
  const { encodingName, has, random } = style
  if (encodingName === undefined && chance(random, 0.5)) return gap(style)
  const quote = has.quotes ? "'" : '"'
  const space = has.spaces ? pick(random, [' ', '  ', '\n']) : ' '
  const equals = has.spaces ? ' = ' : '='
  const parts = [
    ['version', '1.0'],
    ...(encodingName === undefined ? [] : [['encoding', encodingName]]),
    ...(has.strangers ? [['standalone', pick(random, ['yes', 'no'])]] : []),
  ].map(([name, value]) => `${space}${name}${equals}${quote}${value}${quote}`)
  return `<?xml${parts.join('')}?>${gap(style)}`
}

function writeElement(style: Style, tree: XmlTree, outer: Scope): string {
  const { name, attributes, scope } = nameElement(style, tree.name, outer)
  const inside =
    tree.children.length === 0
      ? writeText(style, writeValue(style, tree.name, tree.text))
      : tree.children.map((one) => gap(style) + writeElement(style, one, scope)).join('') + gap(style)
  const start = `<${name}${writeAttributes(style, attributes)}${endSpace(style)}`
  const isEmptyTag = inside === '' && style.has.empties && chance(style.random, 0.5)
  return isEmptyTag ? `${start}/>` : `${start}>${inside}</${name}${endSpace(style)}>`
}

function writeAttributes(style: Style, attributes: readonly Attribute[]): string {
  const inOrder = style.has.spaces ? attributes.toReversed() : attributes
  return inOrder.map(([name, value]) => spaceInTag(style) + writeAttribute(style, name, value)).join('')
}
