import { sumCents, type Cents } from '../money.ts'
import { flowAmount } from '../flow/amount.ts'
import { children, readTree, type XmlTree } from './xml-tree.ts'

const AMOUNT = /^\d{1,9}\.\d{2}$/

/** One line of a bilancio, as people write it in a table; a code that is left out is ''. */
export interface BilancioRow {
  capitolo: string
  ufficio: string
  accertamento: string
  importo: Cents
}

/**
 * The lines of a bilancio, one for each assessment; undefined when the text is not a valid bilancio: not well formed, a chapter, code,
 * assessment or amount missing, a code too long. Source: docs/field/files.md#bilancio.
 */
export function readBilancio(xml: string): BilancioRow[] | undefined {
  const root = treeOf(xml)
  const chapters = root === undefined ? [] : children(root, 'capitolo')
  if (chapters.length === 0 || !/^<bilancio[\s>]/.test(xml)) return undefined
  const lines: BilancioRow[] = []
  for (const chapter of chapters) {
    const found = linesOf(chapter)
    if (found === undefined) return undefined
    lines.push(...found)
  }
  return lines
}

/** Sum of the amounts of a bilancio, in cents; undefined when the text is not a valid bilancio. */
export function bilancioTotal(xml: string): Cents | undefined {
  const lines = readBilancio(xml)
  return lines && sumCents(lines.map(({ importo }) => importo))
}

function linesOf(chapter: XmlTree): BilancioRow[] | undefined {
  if (!isCode(chapter, 'codCapitolo', 12, 1) || !isCode(chapter, 'codUfficio', 16, 0)) return undefined
  const assessments = children(chapter, 'accertamento')
  if (assessments.length === 0) return undefined
  const lines: BilancioRow[] = []
  for (const assessment of assessments) {
    const amounts = children(assessment, 'importo')
    if (!isCode(assessment, 'codAccertamento', 32, 0) || amounts.length !== 1) return undefined
    const text = amounts[0]!.text.trim()
    if (!AMOUNT.test(text)) return undefined
    lines.push({
      capitolo: codeOf(chapter, 'codCapitolo'),
      ufficio: codeOf(chapter, 'codUfficio'),
      accertamento: codeOf(assessment, 'codAccertamento'),
      importo: flowAmount(text),
    })
  }
  return lines
}

const codeOf = (of: XmlTree, name: string): string => children(of, name)[0]?.text.trim() ?? ''

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
