import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Open file descriptors and resident memory of one process. */
export interface Usage {
  fds: number
  rssBytes: number
}

export interface Resources {
  /** Our processes, each with its usage before the fault. */
  processes: readonly { name: string; pid: number; before: Usage }[]
  /** Folders that only our processes use for temporary files. */
  tempFolders: readonly string[]
}

/** I17: after a fault a process may hold at most a tenth more than before it. */
const GROWTH = 1.1
/**
 * The JavaScript heap returns memory at no fixed time: between two equal loads of 50 payments the same worker measured 338
 * and 384 MB. So only a leak larger than this is found.
 */
const RSS_SLACK_BYTES = 48 * 1024 * 1024

/** Returns undefined on a system without /proc and for a process that is gone. */
export function usageOf(pid: number): Usage | undefined {
  try {
    const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return { fds: readdirSync(`/proc/${pid}/fd`).length, rssBytes: Number(rss?.[1] ?? 0) * 1024 }
  } catch {
    return undefined
  }
}

/** I17 outside the database: finds descriptors, memory and temporary files that a fault left behind. */
export const heldTooMuch = ({ processes, tempFolders }: Resources): string[] => [
  ...processes.flatMap(grown),
  ...tempFolders.flatMap(leftIn),
]

function grown({ name, pid, before }: Resources['processes'][number]): string[] {
  const now = usageOf(pid)
  if (!now) return existsSync('/proc/self/fd') ? [`${name} (${pid}) is gone`] : []
  const fds = Math.floor(before.fds * GROWTH)
  const rss = before.rssBytes * GROWTH + RSS_SLACK_BYTES
  return [
    ...(now.fds > fds ? [`${name} holds ${now.fds} file descriptors, ${before.fds} before`] : []),
    ...(now.rssBytes > rss ? [`${name} holds ${mb(now.rssBytes)} MB, ${mb(before.rssBytes)} before`] : []),
  ]
}

const mb = (bytes: number): number => Math.round(bytes / 1024 / 1024)

const leftIn = (folder: string): string[] =>
  readdirSync(folder).map((name) => `temporary file ${join(folder, name)} was left`)
