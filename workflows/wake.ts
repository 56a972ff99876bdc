/** The signal that every process handles: something was stored, so read the tables again. */
export const WAKE = 'wake'
