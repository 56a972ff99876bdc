import { everyElement, type Sample } from './sample.ts'

type Pick = <T>(from: readonly T[]) => T

/** Lengths at and around the limits of the schemas. */
const LENGTHS = [1, 2, 3, 5, 8, 15, 16, 17, 20, 25, 26, 34, 35, 36, 70, 71, 140, 141, 256, 257] as const

const NAMESPACES = [
  '',
  'urn:other',
  'http://ws.pagamenti.telematici.gov/',
  'http://ws.pagamenti.telematici.gov/ppthead',
  'http://www.digitpa.gov.it/schemas/2011/Pagamenti/',
] as const

/** Values that are right for some element and wrong for the others, and the near misses of each kind. */
const VALUES: readonly string[] = [
  ...['', ' ', '\n', 'abc', 'è', ' 10.00 ', 'n/a', 'N/A', 'OK', 'KO', 'true', 'TRUE', '2147483648', 'x x'],
  ...['0', '1', '2', '3', '4', '5', '9', '-1', '+1', '00', '01', '02', '1 ', '1.0', '1e3', '٣'],
  ...['0.00', '0.01', '-0.01', '+1.00', '10.5', '10,50', '.50', '010.50', '999999999.99', '1000000000.00'],
  ...['2026-02-28', '2026-02-30', '2026-01-10Z', '26-01-10', '2026-01-10T10:00:00', '2026-01-10T24:00:00'],
  ...['2026-01-10T10:00:00.123+01:00', '2026-01-10T10:00', '2026-01-10 10:00:00', '2026-01-10T25:00:00'],
  ...[
    'F',
    'G',
    'A',
    'B',
    'C',
    'f',
    'ES',
    'BD',
    'CNS',
    'USR',
    'OTH',
    'BBT',
    'PO',
    'OBEP',
    'PPAL',
    'MYBK',
    'XYZ',
  ],
  ...['IT', 'it', 'I1', 'ITA', 'PD', 'a@b', 'a@b.it', 'a.b+c@d-e.it', 'a b@c', 'a@', '@b', 'a@b.', 'à@b.it'],
  ...['9/abc', '9/ab', '3/abcdef', '0/0101100IM', '9/0101 100', '9abcdef', 'IT30N0103076271000001823603'],
  ...[
    'it30n01',
    'IT3',
    'IT30',
    'IT30-01',
    'UNCRITMM',
    'UNCRITMMXXX',
    'UNCRITM1',
    'uncritmm',
    'UNCRITMO',
    'UNCRITMMXX',
  ],
  ...['!!!!', 'QUJD', 'QUJ', 'QUI=', 'QUI==', 'QU JD', 'Q===', '01000000000000144'],
]

type Mutation = (root: Sample, pick: Pick) => void

/** Each kind of damage, by name. The message it is given is a copy and may be changed. */
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
  'wrong type': (root, pick) => withLeaf(root, pick, (leaf) => (leaf.text = pick(VALUES))),
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

/** The same sample and seed always give the same damage; one time in four, two of them at once. */
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

function stretch(text: string, length: number): string {
  return (text || 'x').repeat(Math.ceil(length / (text.length || 1))).slice(0, length)
}

/** Numbers by mulberry32: small, well spread, the same on every machine. */
function picker(seed: number): Pick {
  let state = seed >>> 0
  return (from) => {
    state = (state + 0x6d2b79f5) >>> 0
    let n = Math.imul(state ^ (state >>> 15), state | 1)
    n ^= n + Math.imul(n ^ (n >>> 7), n | 61)
    return from[((n ^ (n >>> 14)) >>> 0) % from.length]!
  }
}
