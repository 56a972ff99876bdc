/** The signal that every process understands: something was stored, look at the tables again. */
export const WAKE = 'wake'
