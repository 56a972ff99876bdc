/**
 * Text in which ids are looked for: capitals, without blanks, line ends and control characters, because banks break lines in the middle of an
 * id. Source: docs/field/treasury.md#ids-in-the-text.
 */
export const plainText = (text: string): string => text.toUpperCase().replace(/[\s\p{C}]/gu, '')

/** What a text says about where its money comes from. Ids are as they were given. */
export interface IdsRead {
  /** Flows and payments whose id it has whole. Of two nested ids only the longer one is there. */
  flows: readonly string[]
  iuvs: readonly string[]
  /** Flows whose id it has nearly: with one letter wrong, swapped, missing or too many, or cut off. */
  near: readonly NearId[]
  /** It says that it brings money of pagoPA, whether or not the id is known. */
  isPagoPa: boolean
}

export interface NearId {
  id: string
  reason: 'letter' | 'cut'
}

/** @param known ids of the ente that may be in the text */
export function readIds(text: string, known: { flows: readonly string[]; iuvs: readonly string[] }): IdsRead {
  const plain = plainText(text)
  const flows = wholeIds(plain, known.flows)
  const given = new Set(possibleIuvs(text))
  const iuvs = longest(known.iuvs.filter((iuv) => given.has(plainText(iuv))))
  const isSure = flows.length > 0 || iuvs.length > 0
  return { flows, iuvs, near: isSure ? [] : nearIds(plain, known.flows), isPagoPa: isSure || hasMark(plain) }
}

/** The ids that stand in a text as a whole, each found where no longer one covers it. */
function wholeIds(plain: string, ids: readonly string[]): string[] {
  const spans = ids.flatMap((id) => spansOf(plain, plainText(id)).map((span) => ({ id, ...span })))
  const isCovered = (one: { from: number; to: number }): boolean =>
    spans.some(({ from, to }) => from <= one.from && to >= one.to && to - from > one.to - one.from)
  return [...new Set(spans.filter((span) => !isCovered(span)).map(({ id }) => id))]
}

function spansOf(plain: string, id: string): { from: number; to: number }[] {
  const spans = []
  for (let at = id === '' ? -1 : plain.indexOf(id); at >= 0; at = plain.indexOf(id, at + 1))
    spans.push({ from: at, to: at + id.length })
  return spans
}

const longest = (ids: readonly string[]): string[] =>
  ids.filter((id) => !ids.some((other) => other.length > id.length && other.startsWith(id)))

const SHORTEST_IUV = 5
const LONGEST_IUV = 35

/**
 * What may be the IUV of a single transfer: every beginning of what follows RFB or RFS, because an amount may follow without a sign between.
 * Those among them that the ente knows count.
 */
export function possibleIuvs(text: string): string[] {
  const found = new Set<string>()
  for (const [, run] of plainText(text).matchAll(/RF[BS]\/?(?=([0-9A-Z]{5,35}))/g))
    for (let length = SHORTEST_IUV; length <= Math.min(run!.length, LONGEST_IUV); length++)
      found.add(run!.slice(0, length))
  return [...found]
}

const MARK =
  /LGPE-?RIVERSAMENTO|\/?URI\/|\d{4}-\d{2}-\d{2}[0-9A-Z]{3,15}-[0-9A-Z]|RF[BS]\/?(?:\d{15}|RF\d{2})/

const hasMark = (plain: string): boolean => MARK.test(plain)

function nearIds(plain: string, ids: readonly string[]): NearId[] {
  const found: NearId[] = []
  for (const id of ids) {
    const asked = plainText(id)
    if (hasOneOff(plain, asked)) found.push({ id, reason: 'letter' })
    else if (isCut(plain, asked)) found.push({ id, reason: 'cut' })
  }
  return found
}

/** Less than a day and the beginning of a PSP is in too many ids. */
const LEAST_CUT = 14

/** True when a text ends, or has another sign, in the middle of an id. */
function isCut(plain: string, id: string): boolean {
  for (
    let at = plain.indexOf(id.slice(0, LEAST_CUT));
    at >= 0;
    at = plain.indexOf(id.slice(0, LEAST_CUT), at + 1)
  ) {
    let length = LEAST_CUT
    while (length < id.length && plain[at + length] === id[length]) length++
    if (id.length > LEAST_CUT && !/[0-9A-Z_-]/.test(plain[at + length] ?? '')) return true
  }
  return false
}

/** Ids shorter than this are near to too much. */
const LEAST_LETTERS = 12

/** True when a text has an id but for one letter. One of three parts of it is untouched then, and shows where to compare. */
function hasOneOff(plain: string, id: string): boolean {
  if (id.length < LEAST_LETTERS) return false
  const third = Math.ceil(id.length / 3)
  for (const start of [0, third, third * 2]) {
    for (const { from } of spansOf(plain, id.slice(start, start + third)))
      for (const shift of [0, -1, 1])
        for (const length of [id.length, id.length - 1, id.length + 1]) {
          const begin = from - start + shift
          if (begin >= 0 && isOneOff(plain.slice(begin, begin + length), id)) return true
        }
  }
  return false
}

function isOneOff(one: string, other: string): boolean {
  let [start, fromEnd] = [0, 0]
  const shorter = Math.min(one.length, other.length)
  while (start < shorter && one[start] === other[start]) start++
  while (fromEnd < shorter - start && one.at(-1 - fromEnd) === other.at(-1 - fromEnd)) fromEnd++
  const [rest, asked] = [one.slice(start, one.length - fromEnd), other.slice(start, other.length - fromEnd)]
  const isSwap = rest.length === 2 && asked.length === 2 && rest[0] === asked[1] && rest[1] === asked[0]
  return isSwap || (rest.length <= 1 && asked.length <= 1 && rest !== asked)
}
