import type { Response } from 'express'

/** Whether who opened a stream may still hear what it tells; asked with each heartbeat. */
export type StillAllowed = () => Promise<boolean>

/** Browsers that wait for news of a payment, a file or an export. */
export interface Live {
  /** Keeps the answer open and says `changed` when the thing with that id does. False: no room. */
  follow(id: string, res: Response, still?: StillAllowed): boolean
  close(): Promise<void>
}
