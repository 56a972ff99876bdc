/** Longest IUD, in characters. */
export const MAX_IUD = 35

/**
 * An IUD in the form (NFC) in which it is compared and stored. A letter with an accent can be one character or two;
 * people see no difference, but the database does. Outcome files keep what the ente wrote.
 */
export const iudOf = (text: string): string => text.normalize('NFC')

const DRAWN = /^000[0-9a-f]{32}$/

/** True for an IUD that the form of a new due has drawn. It begins with 000, because a file may not contain such an IUD. */
export const isDrawnIud = (iud: string): boolean => DRAWN.test(iud)
