/**
 * What a reader cannot see: line ends, tabs and other control characters, marks that turn the direction of what follows, characters
 * without width, halves of characters. They break headers, lines of files and names of files, and make one text look like another.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** Whether everything in a text can be seen: a text of one line that reads as it is written. */
export const isPlainText = (text: string): boolean => !UNSEEN.test(text)
