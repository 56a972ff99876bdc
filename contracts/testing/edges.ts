import { everyElement, writeSample, type Sample } from './sample.ts'
import { LENGTHS, VALUES, stretch } from './values.ts'

/**
 * For every element whose name is not in `seen`: the sample with the value of that element replaced by each of VALUES
 * and by each of LENGTHS. Random mutations alone would miss some limits.
 */
export function edgesOf(sample: Sample, seen: Set<string>): { from: string; text: string }[] {
  const copy = structuredClone(sample)
  const fresh = everyElement(copy).filter((leaf) => leaf.children.length === 0 && !seen.has(localName(leaf)))
  return fresh.flatMap((leaf) => {
    if (seen.has(localName(leaf))) return []
    seen.add(localName(leaf))
    return [...variantsOf(leaf)].map((value) => ({
      from: `${localName(leaf)} = ${value}`,
      text: writeWith(copy, leaf, value),
    }))
  })
}

function variantsOf(leaf: Sample): Set<string> {
  return new Set([...VALUES, ...LENGTHS.map((length) => stretch(leaf.text, length))])
}

function writeWith(root: Sample, leaf: Sample, value: string): string {
  const before = leaf.text
  leaf.text = value
  const text = writeSample(root)
  leaf.text = before
  return text
}

function localName(element: Sample): string {
  return element.name.replace(/^.*:/, '')
}
