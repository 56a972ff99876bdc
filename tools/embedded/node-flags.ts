/** Of every process of ours: a stack names the line that was written. */
const COMMON = ['--enable-source-maps']

/**
 * The pages' process lives on 80 MB and a thousand waiting pages; left alone, V8 lets garbage pile up to twice that before it
 * looks. Past this limit there is a leak.
 */
const OF_ENTRY: Record<string, readonly string[]> = { 'workers/api.js': ['--max-old-space-size=400'] }

/**
 * A worker of files reads and writes a megabyte at a time: what it needs at once is little, and V8 left alone keeps ten chunks of
 * garbage before it looks.
 */
const OF_QUEUES: Record<string, readonly string[]> = {
  flows: ['--max-old-space-size=160', '--max-semi-space-size=4'],
}

/** Flags of Node for a program, by its entry below dist/ and the queues it works for. The image and the compose file say the same. */
export const nodeFlags = (entry: string, queues = ''): string[] => [
  ...COMMON,
  ...(OF_ENTRY[entry] ?? []),
  ...(OF_QUEUES[queues] ?? []),
]
