/** Pattern of `like` for a text that holds another one, whatever signs that one has. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
