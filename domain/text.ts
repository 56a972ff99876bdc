/**
 * Characters that a reader cannot see: line ends, tabs and other control characters, marks that change the writing
 * direction, zero-width characters, halves of surrogate pairs. They break headers, lines of files and file names, and
 * make one text look like another.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** True when a text has no invisible characters: one line that reads as it is written. */
export const isPlainText = (text: string): boolean => !UNSEEN.test(text)
