import { chance, pick, type Random } from '../../behaviour/random.ts'
import type { Encoding } from '../written.ts'

type Alphabet = {
  encoding: Encoding
  mark: string
  /** Encoding names for the XML declaration; undefined for a declaration without an encoding. */
  names: readonly (string | undefined)[]
  /** Last character that can be written without a reference. */
  last: number
}

const MARK = '\uFEFF'
const UNICODE = 0x10ffff

const ALPHABETS: readonly Alphabet[] = [
  { encoding: 'utf8', mark: '', names: [undefined, 'UTF-8', 'utf-8'], last: UNICODE },
  { encoding: 'utf8', mark: MARK, names: [undefined, 'UTF-8', 'utf-8'], last: UNICODE },
  { encoding: 'utf16le', mark: MARK, names: [undefined, 'UTF-16', 'utf-16'], last: UNICODE },
  { encoding: 'utf16be', mark: MARK, names: [undefined, 'UTF-16', 'utf-16'], last: UNICODE },
  { encoding: 'utf16le', mark: '', names: ['UTF-16LE'], last: UNICODE },
  { encoding: 'utf16be', mark: '', names: ['UTF-16BE'], last: UNICODE },
  { encoding: 'latin1', mark: '', names: ['ISO-8859-1', 'iso-8859-1'], last: 0xff },
  { encoding: 'latin1', mark: '', names: ['US-ASCII', 'us-ascii'], last: 0x7f },
]

/** Unusual traits of a document. Each is drawn independently, so that some documents have one and some have all. */
const TRAITS = [
  /** White space around values whose type ignores it. */
  'blanks',
  'zeros',
  'zones',
  'prefixes',
  /** Declarations that no element uses, including ones that bind a prefix to another namespace. */
  'strangers',
  'cdata',
  'comments',
  'instructions',
  'references',
  'quotes',
  /** White space between elements and inside tags. */
  'spaces',
  'empties',
  'locations',
] as const

export type Trait = (typeof TRAITS)[number]

export type Style = {
  has: Readonly<Record<Trait, boolean>>
  alphabet: Alphabet
  /** The encoding name in the XML declaration. */
  encodingName: string | undefined
  random: Random
}

const OFTEN = 0.4

export function drawStyle(random: Random): Style {
  const alphabet = pick(random, ALPHABETS)
  const encodingName = pick(random, alphabet.names)
  const drawn = TRAITS.map((trait) => [trait, chance(random, OFTEN)])
  return { alphabet, encodingName, has: Object.fromEntries(drawn) as Style['has'], random }
}

/** C1 controls are excluded, because the ISO-8859-1 of browsers has other characters in their place. */
export function isWritable({ alphabet }: Style, text: string): boolean {
  for (const char of text) {
    const code = char.codePointAt(0)!
    if (code > alphabet.last || (code >= 0x80 && code < 0xa0)) return false
  }
  return true
}
