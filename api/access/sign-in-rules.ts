/** How surely people must have proved who they are, and for how long that counts. */
export interface SignInRules {
  /** Levels of the identity provider; 2 is a second factor (SPID and CIE level 2). */
  staffLevel: number
  citizenLevel: number
  /** From the sign-in, however much the session is used. */
  staffHours: number
  citizenHours: number
}

export const SIGN_IN: SignInRules = { staffLevel: 2, citizenLevel: 1, staffHours: 12, citizenHours: 24 }
