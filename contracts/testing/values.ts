/** Lengths at and around the limits of the schemas. */
export const LENGTHS = [
  1, 2, 3, 5, 8, 15, 16, 17, 20, 25, 26, 34, 35, 36, 70, 71, 140, 141, 256, 257,
] as const

/** Values that are right for some element and wrong for the others, and near misses of each kind. */
export const VALUES: readonly string[] = [
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
  ...['BP', 'AD', 'CP', 'JIF', 'CONV', '+390491234567'],
  // e-mail addresses of 256 and 257 characters, base64 texts of 70 and 71
  ...[250, 251].map((length) => `${'a'.repeat(length)}@bb.it`),
  ...['QUJD '.repeat(2), 'QUJD '.repeat(3)].map((spaced) => spaced + 'QUJD'.repeat(17 - spaced.length / 5)),
]

/**
 * Money, dates, e-mail, revenue codes, IBAN, BIC, codes, digits. A near miss tests more than a value of another kind.
 */
const SHAPES: readonly RegExp[] = [
  /^[+-]?\d*[.,]\d+$/,
  /^\d+-\d\d-\d\d/,
  /@/,
  /^\d\//,
  /^[a-z]{2}\d\d?/i,
  /^[a-z]{6}\w{2}/i,
  /^[a-z/]{1,4}$/i,
  /^\d{1,2}$/,
]

export function similarTo(text: string): readonly string[] {
  const shape = SHAPES.find((one) => one.test(text))
  return shape ? VALUES.filter((value) => shape.test(value)) : VALUES
}

export function stretch(text: string, length: number): string {
  return (text || 'x').repeat(Math.ceil(length / (text.length || 1))).slice(0, length)
}
