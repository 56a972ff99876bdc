/** The `like` pattern for texts that contain this one. `%`, `_` and `\` in it are escaped, so that they match themselves. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`
