/** Letters that Unicode normalization does not decompose, as a bank clerk would write them. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'TH',
  ı: 'i',
  ħ: 'h',
  Ħ: 'H',
}

/** Every dash of Unicode, and the minus sign, which is none of them. */
export const DASHES = /[\p{Pd}\u2212]/gu

/**
 * Text in the letters that banks and post offices read. Accents are removed, other Latin letters become plain ones,
 * typographic apostrophes and dashes become ' and -. The caller replaces the other characters, because each receiver
 * reads different signs.
 */
export const latin = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2018\u2019\u201b\u02bc\u2032\u00b4`]/gu, "'")
    .replace(DASHES, '-')
    .replace(/[^\p{ASCII}]/gu, (letter) => LETTERS[letter] ?? letter)
