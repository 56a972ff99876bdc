import { chance, pick } from '../../behaviour/random.ts'
import { NS } from '../receipt-xml.ts'
import { isWritable, type Style } from './style.ts'

const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance'
const STRANGER = 'urn:example:altro'
/** The empty prefix is the default namespace. */
const PREFIXES = ['', 'p', 'ns2', 'RT', 'pay_i.511', 'però']
const INSTANCE_PREFIXES = ['xsi', 'i']

/** The namespace of each prefix at one place. */
export type Scope = ReadonlyMap<string, string>
export type Attribute = readonly [name: string, value: string]
export type Naming = { name: string; attributes: Attribute[]; scope: Scope }

/** The qualified name of an element, and the declarations that it needs. */
export function nameElement(style: Style, local: string, outer: Scope): Naming {
  const prefix = choosePrefix(style, outer)
  const scope = new Map(outer)
  const attributes: Attribute[] = []
  const declare = (name: string, uri: string) => {
    scope.set(name, uri)
    attributes.push([name === '' ? 'xmlns' : `xmlns:${name}`, uri])
  }
  if (outer.get(prefix) !== NS) declare(prefix, NS)
  const stranger = pick(style.random, known(style))
  if (style.has.strangers && stranger !== prefix && chance(style.random, 0.2))
    declare(stranger, stranger === '' && chance(style.random, 0.5) ? '' : STRANGER)
  if (outer.size === 0) attributes.push(...location(style))
  return { name: prefix === '' ? local : `${prefix}:${local}`, attributes, scope }
}

const known = (style: Style): string[] => PREFIXES.filter((prefix) => isWritable(style, prefix))

function choosePrefix(style: Style, scope: Scope): string {
  if (!style.has.prefixes) return ''
  const bound = [...scope].filter(([, uri]) => uri === NS).map(([prefix]) => prefix)
  return bound.length > 0 && chance(style.random, 0.7)
    ? pick(style.random, bound)
    : pick(style.random, known(style))
}

/** A schemaLocation hint, which has no effect. */
function location({ has, random }: Style): Attribute[] {
  const xsi = pick(random, INSTANCE_PREFIXES)
  const hint: Attribute = [`${xsi}:schemaLocation`, `${NS} RPT_RT_6_2_0.xsd`]
  return has.locations ? [hint, [`xmlns:${xsi}`, INSTANCE]] : []
}
