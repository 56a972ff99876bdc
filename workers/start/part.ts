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
   * Resolves when it is ready to be used; `onSpawn` is told its pid as soon as there is one.
   * @throws when it does not get ready, or `giveUp` says that nobody waits any more
   */
  start(onSpawn: (pid: number) => void, giveUp: AbortSignal): Promise<Running>
}
