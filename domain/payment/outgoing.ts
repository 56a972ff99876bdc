import type { AttemptKey } from './model.ts'

/** An attempt with the bytes of its request. The format of the bytes belongs to the adapter. */
export interface OutgoingAttempt extends AttemptKey {
  document: Uint8Array
}

/** A cart to be sent to the node. */
export interface OutgoingCart {
  carrelloId: string
  multiBeneficiario: boolean
  attempts: readonly OutgoingAttempt[]
  /** The PSP that began it with a notice. Its only attempt goes to that PSP. */
  psp?: { psp: string; broker: string; channel: string } | undefined
}
