/**
 * How often a receipt mail that was sent is sent again for a person: at most `most` times in 24 hours, and not within `pauseMinutes` of
 * the last time. Somebody who presses twice, or two people at one telephone call, send it once.
 */
export const MAIL_AGAIN = { most: 3, pauseMinutes: 10 } as const

/** Why a mail is not sent again. `soon`: it left minutes ago. `often`: it left too often today. `none`: it is being sent, or is no receipt. */
export type NotAgain = 'soon' | 'often' | 'none'
