import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isDiskFull } from '../../../db/ground/errors.ts'
import type { World } from './world.ts'

/** The disk for the files of a world, which a test can fill and empty. */
export interface SmallDisk {
  /** True: a file system of its own. False where mounting is not allowed: a limit on the size of written files instead. */
  isMounted: boolean
  /** Fills the disk. May be called again when space was freed meanwhile. */
  fill(world: World): void
  empty(world: World): void
  close(): void
}

const MEGABYTES = 96
const BLOCK = Buffer.alloc(256 * 1024)
/** Limit for one file: more than the log of a process, less than any archive of the tests. */
const SMALL_FILE_BYTES = 256 * 1024

/** Makes the disk. Call before our processes start. */
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

/** Limits the file size of running processes, like `ulimit -f`. Changes the soft limit only, which any user may raise again. */
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
