/** The text of a search box, with the words that it leaves out apart. */
export interface LeftOut {
  /** What is searched for; '' when only words to leave out were typed. */
  text: string
  without: readonly string[]
}

/** A minus directly before a word. Telephones write a longer line for it. */
const MINUS = /^[-−–](?=.*[\p{L}\p{N}])/u

/** Reads "LUCI -BUONO": dues with LUCI and without BUONO. A minus inside a word, or alone, is no more than it was. */
export function leftOut(typed: string): LeftOut {
  const words = typed.split(/\s+/).filter((word) => word !== '')
  return {
    text: words.filter((word) => !MINUS.test(word)).join(' '),
    without: words.filter((word) => MINUS.test(word)).map((word) => word.slice(1)),
  }
}
