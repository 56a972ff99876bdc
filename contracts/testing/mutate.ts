import { everyElement, type Sample } from './sample.ts'
import { LENGTHS, VALUES, similarTo, stretch } from './values.ts'

type Pick = <T>(from: readonly T[]) => T

const NAMESPACES = [
  '',
  'urn:other',
  'http://ws.pagamenti.telematici.gov/',
  'http://ws.pagamenti.telematici.gov/ppthead',
  'http://www.digitpa.gov.it/schemas/2011/Pagamenti/',
] as const

type Mutation = (root: Sample, pick: Pick) => void

/** The kinds of damage, by name. Each gets a copy of the message and may change it. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  drop: (root, pick) => withSiblings(root, pick, (siblings, at) => siblings.splice(at, 1)),
  repeat: (root, pick) =>
    withSiblings(root, pick, (siblings, at) => {
      for (let left = pick([1, 1, 2, 4, 5]); left > 0; left--)
        siblings.splice(at, 0, structuredClone(siblings[at]!))
    }),
  reorder: (root, pick) =>
    withSiblings(root, pick, (siblings, at) => {
      const [moved] = siblings.splice(at, 1)
      siblings.splice(pick([...siblings.keys(), siblings.length]), 0, moved!)
    }),
  lengthen: (root, pick) => withLeaf(root, pick, (leaf) => (leaf.text = stretch(leaf.text, pick(LENGTHS)))),
  'wrong type': (root, pick) =>
    withLeaf(root, pick, (leaf) => (leaf.text = pick(pick([VALUES, similarTo(leaf.text)])))),
  'wrong namespace': (root, pick) => {
    const element = pick(everyElement(root))
    const uri = pick(NAMESPACES)
    const local = element.name.replace(/^.*:/, '')
    element.name = uri ? `m:${local}` : local
    const declaration = uri ? 'xmlns:m' : 'xmlns'
    element.attributes = element.attributes.filter(([name]) => name !== declaration)
    element.attributes.push([declaration, uri])
  },
}

/** The same sample and seed always give the same damage. One time in four there are two damages at once. */
export function mutate(sample: Sample, seed: number): { kind: string; mutant: Sample } {
  const pick = picker(seed)
  const mutant = structuredClone(sample)
  const kinds = Array.from({ length: pick([1, 1, 1, 2]) }, () => pick(Object.keys(MUTATIONS)))
  for (const kind of kinds) MUTATIONS[kind]?.(mutant, pick)
  return { kind: kinds.join(', '), mutant }
}

function withSiblings(root: Sample, pick: Pick, change: (siblings: Sample[], at: number) => void): void {
  const parents = everyElement(root).filter(({ children }) => children.length > 0)
  if (parents.length === 0) return
  const siblings = pick(parents).children
  change(siblings, pick([...siblings.keys()]))
}

function withLeaf(root: Sample, pick: Pick, change: (leaf: Sample) => void): void {
  change(pick(everyElement(root).filter(({ children }) => children.length === 0)))
}

/** Picks by mulberry32, a small and well distributed generator that gives the same numbers on every machine. */
function picker(seed: number): Pick {
  let state = seed >>> 0
  return (from) => {
    state = (state + 0x6d2b79f5) >>> 0
    let n = Math.imul(state ^ (state >>> 15), state | 1)
    n ^= n + Math.imul(n ^ (n >>> 7), n | 61)
    return from[((n ^ (n >>> 14)) >>> 0) % from.length]!
  }
}
