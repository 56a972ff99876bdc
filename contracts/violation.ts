import type { XmlValidateError } from 'libxml2-wasm'

/** The first violations are enough to explain; a hostile document could have a hundred thousand. */
const MAX_VIOLATIONS = 10

/** Patterns of libxml2's messages, and our text for each; it never contains the quoted value. */
const REASONS: readonly (readonly [RegExp, (found: string) => string])[] = [
  [/\[facet '(\w+)'\]/, (facet) => `breaks ${facet}`],
  [/is not expected\.(.*)/s, (rest) => `is not expected${expected(rest)}`],
  [/Missing child element\(s\)\.(.*)/s, (rest) => `is incomplete${expected(rest)}`],
  [/is not a valid value of the .*type '([^']{1,60})'/, (type) => `is not a ${type}`],
  [/The attribute '([^']{1,60})' is not allowed/, (name) => `may not have attribute ${name}`],
  [/No matching global (?:element )?declaration/, () => 'is not a message of this schema'],
  [/(?:content|children?) .*(?:not allowed|not permitted)/i, () => 'has content it may not have'],
]

/** Element and rule without the document's value, such as "importoTotaleDaVersare breaks pattern". */
export function describe(err: XmlValidateError): string[] {
  const all = err.details.slice(0, 100).map(({ message }) => `${elementOf(message)} ${reasonOf(message)}`)
  return [...new Set(all)].slice(0, MAX_VIOLATIONS)
}

function elementOf(message: string): string {
  const name = /^Element '(?:\{[^}]*\})?([^']{1,60})'/.exec(message)?.[1]
  return name ?? 'document'
}

function reasonOf(message: string): string {
  for (const [sentence, reason] of REASONS) {
    const match = sentence.exec(message)
    if (match) return reason(match[1] ?? '')
  }
  return 'is not valid'
}

function expected(rest: string): string {
  const names = /Expected is (?:one of )?\( ([^)]*) \)/.exec(rest)?.[1]
  return names ? `, expected ${names.replace(/\{[^}]*\}/g, '')}` : ''
}
