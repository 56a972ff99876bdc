/** The level that a sign-in must have, and how long it stays valid. */
export interface SignInRules {
  /** Levels of the identity provider; 2 is a second factor (SPID and CIE level 2). */
  staffLevel: number
  citizenLevel: number
  /** Hours from the sign-in; using the session does not prolong them. */
  staffHours: number
  citizenHours: number
}

export const SIGN_IN: SignInRules = { staffLevel: 2, citizenLevel: 1, staffHours: 12, citizenHours: 24 }
