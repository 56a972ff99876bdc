/** Of every process of ours: a stack names the line that was written. */
const COMMON = ['--enable-source-maps']

/**
 * The pages' process lives on 80 MB and a thousand waiting pages; left alone, V8 lets garbage pile up to twice that before it
 * looks. Past this limit there is a leak.
 */
const OF_ENTRY: Record<string, readonly string[]> = { 'workers/api.js': ['--max-old-space-size=400'] }

/** Flags of Node for a program, by its entry below dist/. The image and the compose file say the same. */
export const nodeFlags = (entry: string): string[] => [...COMMON, ...(OF_ENTRY[entry] ?? [])]
