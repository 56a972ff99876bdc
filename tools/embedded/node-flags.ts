/** Flags of all our processes: with source maps a stack trace shows lines of the TypeScript sources. */
const COMMON = ['--enable-source-maps']

/**
 * The process of pages needs 80 MB with a thousand waiting pages. Without a limit V8 lets garbage grow to twice that before
 * it collects. A process that reaches this limit has a leak.
 */
const OF_ENTRY: Record<string, readonly string[]> = { 'workers/api.js': ['--max-old-space-size=400'] }

/**
 * A worker of files reads and writes one megabyte at a time, so it needs little memory at once. Without a limit V8 keeps ten
 * chunks of garbage before it collects.
 */
const OF_QUEUES: Record<string, readonly string[]> = {
  flows: ['--max-old-space-size=160', '--max-semi-space-size=4'],
}

/** Node.js flags of a program, by its entry below dist/ and its queues. Keep Dockerfile and docker-compose.yml equal to this. */
export const nodeFlags = (entry: string, queues = ''): string[] => [
  ...COMMON,
  ...(OF_ENTRY[entry] ?? []),
  ...(OF_QUEUES[queues] ?? []),
]
