import { children, type XmlTree } from '../xml-tree.ts'
import { romeTime } from '../values.ts'
import { Fields, XML_FORMS } from './fields.ts'

/** The element at a path such as `Acct/Id/IBAN`, the first where there are several. */
export function elementAt(of: XmlTree, path: string): XmlTree | undefined {
  let at: XmlTree | undefined = of
  for (const name of path.split('/')) at = at && children(at, name)[0]
  return at
}

export const textAt = (of: XmlTree, path: string): string => elementAt(of, path)?.text.trim() ?? ''

/** The text of the first of these elements that has one. */
export const firstText = (of: XmlTree, paths: readonly string[]): string =>
  paths.map((path) => textAt(of, path)).find((text) => text !== '') ?? ''

export const xmlFields = (of: XmlTree): Fields => new Fields((path) => textAt(of, path), XML_FORMS)

/** The instant of an element, wall clock of Rome to the second; null when it does not say one that can be understood. */
export function timeAt(of: XmlTree, path?: string): string | null {
  const at = path === undefined ? of : elementAt(of, path)
  try {
    return at ? romeTime(at.text) : null
  } catch {
    return null
  }
}
