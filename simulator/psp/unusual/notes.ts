import { chance, pick } from '../../behaviour/random.ts'
import { isWritable, type Style } from './style.ts'

/** Comments and instructions that contain what a careless reader searches for. */
const COMMENTS = [
  '<!---->',
  '<!-- ricevuta -->',
  '<!--<importoTotalePagato>99.99</importoTotalePagato>-->',
  '<!-- <!DOCTYPE RT> -->',
  '<!-- ]]> & -->',
  '<!-- pagata così, perché è già dovuta -->',
]

const INSTRUCTIONS = [
  '<?psp?>',
  '<?xml-stylesheet type="text/xsl" href="rt.xsl"?>',
  '<?psp <codiceEsitoPagamento>1</codiceEsitoPagamento>?>',
]

const GAPS = ['\n', '\n  ', '\r\n\t', ' ', '\n\n']
const IN_TAGS = [' ', '\n', '  ', '\t', '\r\n    ']

/** A comment or instruction, which may be anywhere between tags and inside texts without a meaning; mostly nothing. */
export function note(style: Style): string {
  const { has, random } = style
  const wanted = [...(has.comments ? COMMENTS : []), ...(has.instructions ? INSTRUCTIONS : [])]
  const known = wanted.filter((one) => isWritable(style, one))
  return known.length > 0 && chance(random, 0.25) ? pick(random, known) : ''
}

/** What is between two elements. */
export function gap(style: Style): string {
  const space = () => (style.has.spaces && chance(style.random, 0.6) ? pick(style.random, GAPS) : '')
  return space() + note(style) + space()
}

/** White space before an attribute. */
export const spaceInTag = ({ has, random }: Style): string => (has.spaces ? pick(random, IN_TAGS) : ' ')

/** White space before the end of a tag. */
export const endSpace = (style: Style): string =>
  style.has.spaces && chance(style.random, 0.3) ? spaceInTag(style) : ''
