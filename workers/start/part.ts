import type { Exit } from '../../tools/embedded/child.ts'

export interface Running {
  pid: number
  exited: Promise<Exit>
  stop(): Promise<void>
}

/** One process of the installation. */
export interface Part {
  name: string
  /** Resolves when it is ready to be used; `onSpawn` is told its pid as soon as there is one. */
  start(onSpawn: (pid: number) => void): Promise<Running>
}
