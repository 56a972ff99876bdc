import { between, chance, pick, type Random } from '../../behaviour/random.ts'
import { note } from './notes.ts'
import { isWritable, type Style } from './style.ts'

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
const LONGEST_RUN = 12
const EMPTY_CDATA = '<![CDATA[]]>'

/** Writes a text in pieces: unchanged, as references or as CDATA, with comments between them. */
export function writeText(style: Style, text: string): string {
  const { has, random } = style
  const isWhole = !has.cdata && !has.references && !has.comments && !has.instructions
  const runs = isWhole || chance(random, 0.3) ? [text] : cut(random, text)
  return runs.map((run) => pad(style) + writeRun(style, run)).join('') + pad(style)
}

export function writeAttribute(style: Style, name: string, value: string): string {
  const quote = style.has.quotes && chance(style.random, 0.5) ? "'" : '"'
  return `${name}=${quote}${writeRun({ ...style, has: { ...style.has, cdata: false } }, value)}${quote}`
}

function cut(random: Random, text: string): string[] {
  const chars = [...text]
  const runs: string[] = []
  while (chars.length > 0) runs.push(chars.splice(0, between(random, 1, LONGEST_RUN)).join(''))
  return runs
}

/** Something without content: a comment, an instruction or an empty CDATA section. */
function pad(style: Style): string {
  const isMarked = style.has.cdata && chance(style.random, 0.05)
  return (isMarked ? EMPTY_CDATA : '') + note(style)
}

function writeRun(style: Style, run: string): string {
  const { has, random } = style
  const fitsCdata = run !== '' && !/\]\]>|\r/.test(run) && isWritable(style, run)
  if (has.cdata && fitsCdata && chance(random, 0.4)) return `<![CDATA[${run}]]>`
  const share = has.references ? pick(random, [0, 0, 0.2, 1]) : 0
  return [...run]
    .map((char) => (share > 0 && chance(random, share) ? reference(random, char) : asItIs(style, char)))
    .join('')
}

/** An unescaped carriage return would be read as a line feed. */
function asItIs(style: Style, char: string): string {
  if (char === '\r' || !isWritable(style, char)) return reference(style.random, char)
  return ENTITIES[char] ?? char
}

function reference(random: Random, char: string): string {
  const code = char.codePointAt(0)!
  const hex = code.toString(16)
  const forms = [`&#${code};`, `&#x${hex};`, `&#x${hex.toUpperCase()};`, `&#x${hex.padStart(6, '0')};`]
  return pick(random, [...forms, ENTITIES[char] ?? forms[0]!])
}
