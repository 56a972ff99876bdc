import fc from 'fast-check'

/** An element: a name and its text or its children. */
export type Node = readonly [name: string, content: string | readonly Node[]]

/** Letters and characters that XML writers get wrong. Each entry is one character for the schema, however many bytes it has. */
const CHARACTERS = [
  ...'abcXYZ0189 .,/-_',
  ...'àèéìòùÀÈçñ’€ŠžΩЖ',
  ...'&<>"\'];#{}?!',
  ...'\t\n\r\u00a0\u0085\u0099\u2028\ufeff\ufffd',
  ...'𝔘😀𠮷🏛',
  '\u0301',
  '\u200f',
]

const unit = fc.constantFrom(...CHARACTERS)
const accent = fc.constantFrom(...'àÈ𠮷😀')

/** Texts of any length up to `most`, often of exactly that length, also with blanks at the ends. */
export const text = (most: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit, minLength: 1, maxLength: most }),
    fc.string({ unit, minLength: most, maxLength: most }),
    fc.string({ unit: accent, minLength: most, maxLength: most }),
    fc.constantFrom(' ', ' x ', ']]>', '&amp;', '<!-- -->', '--'),
  )

export const code = (least: number, most: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'ABCDEFGHILMNOPQRSTUVZ0123456789'),
    minLength: least,
    maxLength: most,
  })

export const revenue = fc
  .tuple(
    fc.constantFrom('0', '1', '2', '9'),
    fc.oneof(...[3, 138].map((length) => fc.string({ unit: accent, minLength: length, maxLength: length }))),
  )
  .map(([kind, rest]) => `${kind}/${rest}`)

export const country = fc.constantFrom('IT', 'DE', 'ZZ')

const name = (least: number, most: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'abzAZ019-'), minLength: least, maxLength: most })

export const email = fc.oneof(
  fc.tuple(name(1, 20), name(1, 20)).map(([box, host]) => `${box}@${host}.example`),
  fc.tuple(name(150, 150), name(97, 97)).map(([box, host]) => `${box}@${host}.example`),
)

const two = (number: number): string => String(number).padStart(2, '0')

const plainDay = fc
  .tuple(
    fc.integer({ min: 1999, max: 2099 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([year, month, date]) => `${year}-${two(month)}-${two(date)}`)

export const day = fc.oneof(plainDay, fc.constantFrom('2028-02-29', '0001-01-01', '9999-12-31'))

const time = fc
  .tuple(...[23, 59, 59].map((max) => fc.integer({ min: 0, max })))
  .map((parts) => parts.map(two).join(':'))

export const instant = fc
  .tuple(
    plainDay,
    fc.oneof(time, fc.constantFrom('00:00:00', '23:59:59', '02:30:00', '24:00:00')),
    fc.constantFrom('', '', '.5', '.123456789'),
    fc.constantFrom('', '', 'Z', '+01:00', '-14:00'),
  )
  // 24:00:00 may have no fraction.
  .map(([date, at, fraction, zone]) => `${date}T${at}${at === '24:00:00' ? '' : fraction}${zone}`)

/** Base64 of up to 300 bytes; may be empty. */
export const base64 = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64'))

export const euro = (cents: number): string => `${Math.trunc(cents / 100)}.${two(cents % 100)}`

export const amount = (least: number): fc.Arbitrary<string> =>
  fc.oneof(fc.integer({ min: least, max: 500 }), fc.constantFrom(least, 99_999_999_999)).map(euro)

/** The nodes, or in one third of all cases none. */
export const likely = (nodes: fc.Arbitrary<Node[]>): fc.Arbitrary<Node[]> =>
  fc.oneof({ weight: 2, arbitrary: nodes }, { weight: 1, arbitrary: fc.constant<Node[]>([]) })

export const optional = (named: string, value: fc.Arbitrary<string>): fc.Arbitrary<Node[]> =>
  likely(value.map((one): Node[] => [[named, one]]))
