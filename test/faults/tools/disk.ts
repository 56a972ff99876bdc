import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isDiskFull } from '../../../db/ground/errors.ts'
import type { World } from './world.ts'

/** A place for the files of a world that a test may fill and empty. */
export interface SmallDisk {
  /** A file system of its own; else our processes may write no more than a small file each, as when there may be no mount. */
  isMounted: boolean
  /** May be called again, should something have been freed meanwhile. */
  fill(world: World): void
  empty(world: World): void
  close(): void
}

const MEGABYTES = 96
const BLOCK = Buffer.alloc(256 * 1024)
/** What a process may write into one file: more than its log, less than any archive of the tests. */
const SMALL_FILE_BYTES = 256 * 1024

/** Call before our processes start. */
export function smallDisk(folder: string): SmallDisk {
  const files = join(folder, 'files')
  mkdirSync(files)
  return mount(files) ? mountedDisk(files) : limitedFiles()
}

function mount(files: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m`, 'tmpfs', files], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function mountedDisk(files: string): SmallDisk {
  const ballast = join(files, 'ballast')
  return {
    isMounted: true,
    fill() {
      const file = openSync(ballast, 'a')
      try {
        for (;;) writeSync(file, BLOCK)
      } catch (error) {
        if (!isDiskFull(error)) throw error
      } finally {
        closeSync(file)
      }
    },
    empty: () => rmSync(ballast, { force: true }),
    close: () => void (existsSync(files) && execFileSync('umount', ['--lazy', files])),
  }
}

/** `ulimit -f` of processes that run. Only the soft limit moves, so that everybody may lift it again. */
function limitedFiles(): SmallDisk {
  const limit = (world: World, bytes: number | 'unlimited'): void => {
    for (const { pid } of [world.api, world.flows])
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
  }
  return {
    isMounted: false,
    fill: (world) => limit(world, SMALL_FILE_BYTES),
    empty: (world) => limit(world, 'unlimited'),
    close: () => undefined,
  }
}
