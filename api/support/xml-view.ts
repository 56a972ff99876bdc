import { t } from '../../templates/language.ts'
import { maskCode, maskName } from '../access/mask.ts'

/** The elements whose text is personal, with the mask of each, wherever they are in a message. */
const MASKS: [RegExp, (text: string) => string][] = [
  [/^anagrafica(Pagatore|Versante)$/, maskName],
  [/^codiceIdentificativoUnivoco$/, maskCode],
  [/^(e-?mail|indirizzo|civico|cap|localita|provincia|nazione|password|causale)/i, () => '***'],
  [/^(rpt|rt|xmlRichiesta|xmlRicevuta)$/, ({ length: size }) => t('support.xml.document', { size })],
]

/** A longer message is not shown; it can be downloaded. */
const MAX_CHARACTERS = 200_000
const MAX_DEPTH = 40
/**
 * Shown instead of comments, CDATA and text outside of an element: messages of ours and of the node have none, and they could hide a
 * person.
 */
const HIDDEN = t('support.xml.hidden')

/**
 * A message for people: each element on its own indented line, with persons masked. The message is never parsed, so that a malformed one
 * can be shown too and a hostile one takes no more time than its length.
 */
export function prettyXml(bytes: Uint8Array): string {
  const text = decoded(bytes)
  if (text.length > MAX_CHARACTERS) return t('support.xml.tooLong', { size: text.length })
  // Without any tag nothing shows which part of the text is personal, so none of it is shown.
  if (!text.includes('<')) return t('support.xml.notXml', { size: bytes.length })
  const lines: string[] = []
  let depth = 0
  let open = ''
  for (const piece of text.match(/<[^>]*>?|[^<]+/g) ?? []) {
    if (!piece.startsWith('<')) {
      const shown = masked(open, piece.trim())
      if (shown !== '' && open !== '') lines[lines.length - 1] += shown
      else if (shown !== '') lines.push(HIDDEN)
      continue
    }
    if (piece.startsWith('<!')) {
      lines.push(HIDDEN)
      open = ''
      continue
    }
    const isEnd = piece.startsWith('</')
    if (isEnd) depth = Math.max(0, depth - 1)
    if (isEnd && open === nameOf(piece)) lines[lines.length - 1] += piece
    else lines.push(`${'  '.repeat(Math.min(depth, MAX_DEPTH))}${piece}`)
    const opens = /^<[^/!?]/.test(piece) && !piece.endsWith('/>')
    open = opens ? nameOf(piece) : ''
    if (opens) depth += 1
  }
  return lines.join('\n')
}

/**
 * The text of a message. UTF-16 is recognised by its first bytes; otherwise the declared encoding is used. A wrong one does not damage
 * tags, which are ASCII in every 8-bit encoding.
 */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes
  const utf16 =
    first === 0xff || second === 0 ? 'utf-16le' : first === 0xfe || first === 0 ? 'utf-16be' : null
  return new TextDecoder(utf16 ?? declaredEncoding(bytes)).decode(bytes)
}

function declaredEncoding(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1')
  return /^<\?xml[^>]*encoding=["']iso-8859-1["']/i.test(start) ? 'iso-8859-1' : 'utf-8'
}

const nameOf = (tag: string): string => /^<\/?(?:[^\s:>/]+:)?([^\s>/]+)/.exec(tag)?.[1] ?? ''

function masked(element: string, text: string): string {
  const mask = MASKS.find(([names]) => names.test(element))?.[1]
  return mask ? mask(text) : text
}
