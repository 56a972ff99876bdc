import type { Response } from 'express'

/** Checks whether the person of a stream may still see the thing that it follows. Called at each heartbeat. */
export type StillAllowed = () => Promise<boolean>

/** The open streams of browsers that wait for a change of a payment, a file of dues, an export or an act on many dues. */
export interface Live {
  /**
   * Keeps the answer open and sends `changed` when the thing with this id changes.
   * @returns false when there is no room for another stream
   */
  follow(id: string, res: Response, still?: StillAllowed): boolean
  close(): Promise<void>
}
