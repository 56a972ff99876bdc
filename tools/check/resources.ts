import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one process holds of its machine. */
export interface Usage {
  fds: number
  rssBytes: number
}

export interface Resources {
  /** Processes of ours, each with what it held before the fault. */
  processes: readonly { name: string; pid: number; before: Usage }[]
  /** Folders that only our processes use for temporary files. */
  tempFolders: readonly string[]
}

/** I17: back within a tenth of what was held before. */
const GROWTH = 1.1
/**
 * A JavaScript heap gives its pages back when it likes: between two equal loads of 50 payments the same worker was seen
 * with 338 and with 384 MB. A leak is found when it is larger than this.
 */
const RSS_SLACK_BYTES = 48 * 1024 * 1024

/** Undefined where there is no /proc to read, and for a process that is gone. */
export function usageOf(pid: number): Usage | undefined {
  try {
    const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return { fds: readdirSync(`/proc/${pid}/fd`).length, rssBytes: Number(rss?.[1] ?? 0) * 1024 }
  } catch {
    return undefined
  }
}

/** I17 outside the database: descriptors, memory and temporary files that a fault left behind. */
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
