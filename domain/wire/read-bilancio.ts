import { cents, type Cents } from '../money.ts'
import { flowAmount } from '../flow/amount.ts'
import { children, readTree, type XmlTree } from './xml-tree.ts'

const AMOUNT = /^\d{1,9}\.\d{2}$/

/**
 * Sum of the amounts of a bilancio, in cents; undefined when the text is not a valid bilancio: not well formed, a
 * chapter, code, assessment or amount missing, a code too long. Source: docs/field/files.md#bilancio.
 */
export function bilancioTotal(xml: string): Cents | undefined {
  const root = treeOf(xml)
  const chapters = root === undefined ? [] : children(root, 'capitolo')
  if (chapters.length === 0 || !/^<bilancio[\s>]/.test(xml)) return undefined
  let total = 0
  for (const chapter of chapters) {
    const sum = chapterTotal(chapter)
    if (sum === undefined) return undefined
    total += sum
  }
  return cents(total)
}

function chapterTotal(chapter: XmlTree): number | undefined {
  if (!isCode(chapter, 'codCapitolo', 12, 1) || !isCode(chapter, 'codUfficio', 16, 0)) return undefined
  const lines = children(chapter, 'accertamento')
  if (lines.length === 0) return undefined
  let total = 0
  for (const line of lines) {
    const amounts = children(line, 'importo')
    if (!isCode(line, 'codAccertamento', 32, 0) || amounts.length !== 1) return undefined
    const text = amounts[0]!.text.trim()
    if (!AMOUNT.test(text)) return undefined
    total += flowAmount(text)
  }
  return total
}

function isCode(of: XmlTree, name: string, max: number, min: 0 | 1): boolean {
  const found = children(of, name)
  if (found.length === 0) return min === 0
  const length = found[0]!.text.trim().length
  return found.length === 1 && length >= 1 && length <= max
}

function treeOf(xml: string): XmlTree | undefined {
  // A document type could name files to fetch or entities to expand.
  if (xml.includes('<!')) return undefined
  try {
    return readTree(xml)
  } catch {
    return undefined
  }
}
