import { t } from '../../templates/language.ts'
import { maskCode, maskName } from '../access/mask.ts'

/** Texts of these elements belong to persons, wherever they stand; the exact bytes are a download that is written down. */
const MASKS: [RegExp, (text: string) => string][] = [
  [/^anagrafica(Pagatore|Versante)$/, maskName],
  [/^codiceIdentificativoUnivoco$/, maskCode],
  [/^(e-?mail|indirizzo|civico|cap|localita|provincia|nazione|password|causale)/i, () => '***'],
  [/^(rpt|rt|xmlRichiesta|xmlRicevuta)$/, ({ length: size }) => t('support.xml.document', { size })],
]

/** Longer than this is for the download. */
const MAX_CHARACTERS = 200_000
const MAX_DEPTH = 40
/** Text outside an element, comments, CDATA: no message of ours or of the node has them, and they could hide a person. */
const HIDDEN = t('support.xml.hidden')

/**
 * A message as people read it: one element a line, indented, persons masked. Works on whatever arrived, well-formed or
 * not: it never parses, so a hostile message costs no more than its length.
 */
export function prettyXml(bytes: Uint8Array): string {
  const text = decoded(bytes)
  if (text.length > MAX_CHARACTERS) return t('support.xml.tooLong', { size: text.length })
  // Without a first tag nothing says which part is a person.
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

/** UTF-16 shows itself by its first bytes; of the 8-bit encodings the tags are right whatever was declared. */
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
