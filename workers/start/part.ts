import type { Exit } from '../../tools/embedded/child.ts'

export interface Running {
  pid: number
  exited: Promise<Exit>
  stop(): Promise<void>
}

/** One process of the installation. */
export interface Part {
  name: string
  /**
   * Resolves when the part is ready to be used; calls `onSpawn` with the pid as soon as the process exists.
   * @throws when the part does not get ready, or when `giveUp` is aborted
   */
  start(onSpawn: (pid: number) => void, giveUp: AbortSignal): Promise<Running>
}
