import type { AttemptKey } from './model.ts'

/** An attempt with the bytes that ask for it; the adapter knows their format. */
export interface OutgoingAttempt extends AttemptKey {
  document: Uint8Array
}

/** A cart on its way out. */
export interface OutgoingCart {
  carrelloId: string
  multiBeneficiario: boolean
  attempts: readonly OutgoingAttempt[]
  /** The PSP that began it with a notice: its only attempt goes to that PSP. */
  psp?: { psp: string; broker: string; channel: string } | undefined
}
