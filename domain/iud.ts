/** Longest IUD, in characters. */
export const MAX_IUD = 35

/**
 * An IUD as it is compared and stored. One letter with an accent can be written as one character or as two; who reads it sees the
 * same, and the database does not. Files of outcomes keep what the ente wrote.
 */
export const iudOf = (text: string): string => text.normalize('NFC')
